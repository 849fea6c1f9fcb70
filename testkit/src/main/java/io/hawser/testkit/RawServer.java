// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.testkit.memory.Door;
import io.hawser.testkit.memory.End;
import io.hawser.testkit.memory.HandEnd;
import io.hawser.testkit.memory.Link;
import io.hawser.testkit.memory.Strand;
import io.hawser.testkit.memory.Transcript;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * A server in memory with no engine behind it, for clients under test: it answers upgrades as its {@link RawHandshake} says, and what it
 * accepts the test moves by hand. Made by {@link HawserTest#rawServer}. For the test's own thread.
 */
public final class RawServer {
    private final Scene scene;
    private final RawHandshake handshake;
    private final int port;
    private final Queue<RawPeer> accepted = new ArrayDeque<>();

    RawServer(Scene scene, RawHandshake handshake) {
        this.scene = scene;
        this.handshake = handshake;
        this.port = scene.network().open(this::answer);
    }

    /** Where a target of it is, for {@link HawserTest#client}. */
    public URI uri(String target) {
        return URI.create("ws://127.0.0.1:" + port + target);
    }

    /** The next connection that was opened to it; waits for one for {@link TestOptions#within}, in virtual time. */
    public RawPeer accept() {
        scene.world().await(() -> !accepted.isEmpty(), scene.options().within());
        RawPeer first = accepted.poll();
        if (first == null) {
            throw Report.failure(scene, null, "a connection to " + uri("/"), "nobody connected within " + Shown.time(scene.options().within()));
        }
        return first;
    }

    private void answer(Request request, Consumer<Door.Reply> told) {
        if (handshake.isSilent()) {
            return;
        }
        Response response = handshake.answer(request);
        told.accept(response.status() == 101
                ? new Door.Reply.Switched(response, (out, in, addresses) -> join(request, response, out, in))
                : new Door.Reply.Plain(response));
    }

    private End join(Request request, Response response, Link toClient, Link toServer) {
        Transcript transcript = new Transcript(scene.world());
        HandEnd end = new HandEnd(toClient, toServer, transcript);
        Strand strand = new Strand(request, response, toServer, toClient, transcript, null);
        accepted.add(new RawPeer(scene, end, strand, /* client= */ false));
        return end;
    }
}
