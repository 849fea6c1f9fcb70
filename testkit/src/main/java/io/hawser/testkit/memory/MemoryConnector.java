// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.UpgradeRefusedException;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.Opening;
import io.hawser.network.ClientUpgrade;
import io.hawser.network.Connector;
import io.hawser.network.UpgradeOpener;
import io.hawser.network.UpgradeSettings;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A client in memory. */
final class MemoryConnector implements Connector {
    private final MemoryNetwork network;
    private final World world;
    private final OpenConnections open;
    /** What is connecting; the loop's own. */
    private final Set<Attempt> pending = new LinkedHashSet<>();

    MemoryConnector(MemoryNetwork network) {
        this.network = network;
        this.world = network.world();
        this.open = new OpenConnections(world, CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops"));
    }

    @Override
    public Transport transport() {
        return network.transport();
    }

    @Override
    public Surroundings surroundings() {
        return world;
    }

    @Override
    public boolean isOnLoop() {
        return world.inLoop();
    }

    @Override
    public void connect(UpgradeSettings settings, UpgradeOpener opener, CompletableFuture<LiveConnection> opened) {
        world.execute(new Attempt(settings, opener, opened)::begin);
    }

    @Override
    public void stop(Duration grace) {
        world.execute(() -> List.copyOf(pending).forEach(attempt -> attempt.opened.completeExceptionally(attempt.settings.clientClosed())));
        open.stop(grace);
    }

    /** One connect call; the loop's own. */
    private final class Attempt {
        private final UpgradeSettings settings;
        private final UpgradeOpener opener;
        private final CompletableFuture<LiveConnection> opened;

        Attempt(UpgradeSettings settings, UpgradeOpener opener, CompletableFuture<LiveConnection> opened) {
            this.settings = settings;
            this.opener = opener;
            this.opened = opened;
        }

        void begin() {
            Optional<Door> door = network.door(settings.port());
            if (open.isStopping()) {
                opened.completeExceptionally(settings.clientClosed());
            } else if (settings.tls().isPresent()) {
                opened.completeExceptionally(settings.failure("there is no TLS in memory; use ws://, and a socket for what TLS changes", null));
            } else if (door.isEmpty()) {
                opened.completeExceptionally(settings.failure("nobody listens in memory on port " + settings.port(), null));
            } else {
                ask(door.get());
            }
        }

        private void ask(Door door) {
            pending.add(this);
            Runnable cancel = world.scheduleOnLoop(
                    () -> opened.completeExceptionally(settings.timedOut()), settings.deadline() - world.nanoTime());
            opened.whenComplete((live, failure) -> {
                cancel.run();
                world.execute(() -> pending.remove(this));
            });
            MemoryWire.Addresses ofServer = network.newAddresses(settings.port());
            Request received = ClientUpgrade.request(settings, ofServer.remote());
            door.ask(received, reply -> {
                if (!opened.isDone()) {
                    take(reply, ofServer);
                }
            });
        }

        private void take(Door.Reply reply, MemoryWire.Addresses ofServer) {
            Response response = switch (reply) {
                case Door.Reply.Plain(Response plain) -> plain;
                case Door.Reply.Cut(Response head, Throwable why) -> head;
                case Door.Reply.Switched(Response switched, Door.Joining server) -> switched;
            };
            switch (ClientUpgrade.judge(response.status(), response.headers()::allValues, settings)) {
                case ClientUpgrade.Verdict.Accepted(Optional<PermessageDeflate> deflate) -> open((Door.Reply.Switched) reply, deflate, ofServer);
                case ClientUpgrade.Verdict.Faulty faulty -> opened.completeExceptionally(faulty.failure());
                case ClientUpgrade.Verdict.Interim interim ->
                    opened.completeExceptionally(settings.failure("the response is interim: " + response.status(), null));
                case ClientUpgrade.Verdict.Refused refused -> opened.completeExceptionally(
                        new UpgradeRefusedException(settings.uri(), response.status(), response.headers(), response.bodyBytes()));
            }
        }

        private void open(Door.Reply.Switched reply, Optional<PermessageDeflate> deflate, MemoryWire.Addresses ofServer) {
            Response response = Response.received(reply.response().headers());
            Request asked = ClientUpgrade.request(settings, ofServer.local());
            Opening opening;
            try {
                opening = opener.open(asked, response).agreeingOn(deflate);
            } catch (RuntimeException e) { // the application's
                opened.completeExceptionally(e);
                return;
            }
            Transcript transcript = new Transcript(world);
            Link toServer = new Link(world);
            Link toClient = new Link(world);
            MemoryWire client = new MemoryWire(world, toServer, toClient, ofServer.turned(), transcript);
            network.prepare(toServer, toClient);
            End server = reply.server().join(toClient, toServer, ofServer);
            Link.join(client, toServer, server, toClient);
            LiveConnection live = LiveConnection.open(client, opening);
            network.add(new Strand(asked, response, toServer, toClient, transcript, live.connection()));
            open.add(live);
            if (!opened.complete(live)) {
                live.abort("nobody waits for the connection any more");
            }
        }
    }
}
