// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.EventLoops;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.LoopWatch;
import io.hawser.connection.Opening;
import io.hawser.http.Application;
import io.hawser.http.Delivery;
import io.hawser.http.HeaderFields;
import io.hawser.http.HttpDate;
import io.hawser.http.HttpSettings;
import io.hawser.network.Acceptor;
import io.hawser.protocol.CloseStatus;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** A server in memory. */
final class MemoryAcceptor implements Acceptor, Door {
    private final MemoryNetwork network;
    private final World world;
    private final InetSocketAddress address;
    private final Application application;
    private final OpenConnections open;
    private final Application.Loop loop;

    MemoryAcceptor(MemoryNetwork network, InetSocketAddress address, HttpSettings settings) {
        this.network = network;
        this.world = network.world();
        this.address = address;
        this.application = new Application(settings, world);
        this.open = new OpenConnections(world, CloseStatus.of(CloseStatus.GOING_AWAY, "the server stops"));
        this.loop = new WorldsLoop(world, new LoopWatch(Thread.currentThread()));
    }

    /** The world's loop, for requests. */
    private record WorldsLoop(World world, LoopWatch watch) implements Application.Loop {
        @Override
        public boolean isCurrent() {
            return world.inLoop();
        }

        @Override
        public void execute(Runnable task) {
            world.execute(task);
        }

        @Override
        public Runnable schedule(Runnable task, long delayNanos) {
            return world.scheduleOnLoop(task, delayNanos);
        }
    }

    @Override
    public void ask(Request request, Consumer<Reply> told) {
        application.answer(request, open.isStopping(), loop, answer -> take(request, answer, told));
    }

    private void take(Request request, Application.Answer answer, Consumer<Reply> told) {
        switch (answer) {
            case Application.Answer.Sending(Response response) -> send(request, response, told);
            case Application.Answer.Switching(Response response, Opening opening) -> tell(
                    new Reply.Switched(
                            response, (out, in, addresses) -> join(opening, new MemoryWire(world, out, in, addresses, Tap.NONE))),
                    told);
        }
    }

    private void send(Request request, Response sent, Consumer<Reply> told) {
        Delivery delivery = Delivery.of(sent, request.method().equals("HEAD"), !open.isStopping(), request.version().equals("HTTP/1.0"));
        HttpHeaders fields = fields(sent, delivery);
        if (!delivery.carriesBody()) {
            tell(new Reply.Plain(Response.received(sent.status(), fields, new byte[0])), told);
            return;
        }
        WholeBody.collect(world, sent.body()).whenComplete((body, failure) -> {
            if (failure == null) {
                tell(new Reply.Plain(Response.received(sent.status(), fields, body)), told);
            } else {
                Throwable cause = failure instanceof CompletionException wrapped ? Objects.requireNonNull(wrapped.getCause()) : failure;
                world.onFailure(cause);
                tell(new Reply.Cut(Response.received(sent.status(), fields, new byte[0]), cause), told);
            }
        });
    }

    private void tell(Reply reply, Consumer<Reply> told) {
        try {
            told.accept(reply);
        } catch (RuntimeException | Error failure) { // what calls this may be a stage, which keeps it to itself
            world.onFailure(failure);
            throw failure;
        }
    }

    private HttpHeaders fields(Response sent, Delivery delivery) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        HeaderFields.forEach(
                sent, delivery, HttpDate.format(world.instant()), (name, value) -> fields.add(Map.entry(name, value)));
        return HeaderFields.received(fields);
    }

    private End join(Opening opening, MemoryWire wire) {
        open.add(LiveConnection.open(wire, opening));
        return wire;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public EventLoops loops() {
        return network;
    }

    @Override
    public Optional<Tls.Provider> tlsProvider() {
        return Optional.empty();
    }

    @Override
    public void reloadCertificates() {}

    @Override
    public void stop(Duration grace) {
        network.close(address.getPort(), this);
        open.stop(grace);
    }
}
