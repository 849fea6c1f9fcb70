// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.HttpHandler;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.connection.BlockedLoops;
import io.hawser.server.HawserServer;
import io.hawser.server.ServerOptions;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * An application on a socket for as long as a test takes: a server on a free port of the loopback, and a client of it on the same event
 * loops. For what {@link HawserTest} leaves out, which has neither sockets nor TLS; time is real here. Any thread may use it.
 */
public final class EphemeralServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HawserServer server;
    private final HawserClient client;

    private EphemeralServer(HawserServer server, HawserClient client) {
        this.server = server;
        this.client = client;
    }

    /** Starts a server of an application; it listens when this returns. */
    public static EphemeralServer start(HttpHandler application) {
        return start(application, o -> o);
    }

    /** Starts a server of a handler, which takes every upgrade. */
    public static EphemeralServer start(WebSocketHandler handler) {
        return start(HttpHandler.webSocket(handler));
    }

    /** Starts a server of an application, with options of the server. */
    public static EphemeralServer start(HttpHandler application, UnaryOperator<ServerOptions> server) {
        return start(application, server, o -> o);
    }

    /**
     * Starts a server of an application, with options of both sides, as TLS needs them: {@code start(app, s -> s.tls(t -> t.certificate(chain,
     * key)), c -> c.tls(t -> t.trust(authority)))}, with a certificate for "localhost".
     *
     * @param server changes the options of the server, whose port does not count, and whose {@link ServerOptions#grace grace} is 1 s unless
     *     this sets another
     * @param client changes the options of {@link #client}, whose event loops do not count
     * @throws UncheckedIOException if there is no address to listen on
     * @throws IllegalArgumentException as {@link HawserServer#start} throws it
     * @throws IllegalStateException as {@link HawserServer#start} throws it
     */
    public static EphemeralServer start(
            HttpHandler application, UnaryOperator<ServerOptions> server, UnaryOperator<ConnectOptions> client) {
        HawserServer started = HawserServer.start(o -> server.apply(o.grace(GRACE)).port(0), application);
        boolean whole = false;
        try {
            HawserClient connecting = HawserClient.create(o -> client.apply(o).loops(started.loops()));
            whole = true;
            return new EphemeralServer(started, connecting);
        } finally {
            if (!whole) {
                started.close();
            }
        }
    }

    /** The server. */
    public HawserServer server() {
        return server;
    }

    /** A client of the server, on its event loops. It ends with the server, and so needs no closing. */
    public HawserClient client() {
        return client;
    }

    /**
     * Where a target of the server is, for WebSocket: {@code ws}, or {@code wss} with the name "localhost" if the server speaks TLS.
     *
     * @throws IllegalArgumentException if it does not begin with a slash, or is no path and query of a URI
     */
    public URI uri(String target) {
        return uri("ws", target);
    }

    /** Where a target of the server is, for plain HTTP: {@code http}, or {@code https}; else as {@link #uri}. */
    public URI httpUri(String target) {
        return uri("http", target);
    }

    private URI uri(String scheme, String target) {
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException("a target begins with a slash, as /greeter does; \"" + target + "\" does not");
        }
        boolean tls = server.tlsProvider().isPresent();
        return URI.create(scheme + (tls ? "s://localhost" : "://" + host()) + ":" + server.port() + target);
    }

    private String host() {
        InetAddress listening = server.address().getAddress();
        InetAddress reached = listening.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listening;
        return reached instanceof Inet6Address ? "[" + reached.getHostAddress() + "]" : reached.getHostAddress();
    }

    /** Connects {@link #client} to a target, and waits until the connection is open; see {@link HawserClient#connect(URI, UnaryOperator)}. */
    public WebSocket connect(String target) {
        return connect(target, o -> o);
    }

    /** The same, with the client's options changed for this connection, such as by {@code o -> o.subprotocols("chat.v2")}. */
    public WebSocket connect(String target, UnaryOperator<ConnectOptions> change) {
        return client.connect(uri(target), change);
    }

    /**
     * Ends server and client: closes open connections with 1001, cuts those that are left after the grace, which is 1 s unless set otherwise,
     * and interrupts the threads of handlers. It does not wait for those that go on all the same. Harmless if repeated.
     *
     * @throws IllegalStateException if that takes more than 10 s; names the handler's code that holds up an event loop, if one does
     */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** The server first: its loops, with which it ends, take along whatever the client has open. */
    void close(Duration patience) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("hawser-ephemeral-end").start(() -> {
            try {
                server.close();
                client.close();
                end.complete(null);
            } catch (RuntimeException | Error failure) {
                end.completeExceptionally(failure);
            }
        });
        try {
            end.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw notEnded(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server of port " + server.port() + " ends, which goes on", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the server of port " + server.port() + " failed to end", e.getCause());
        }
    }

    private IllegalStateException notEnded(Duration patience) {
        String held = Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("hawser-loop"))
                .flatMap(thread -> ofApplication(thread.getValue()).stream().map(at -> "\n  " + thread.getKey().getName() + " at " + at))
                .sorted()
                .collect(Collectors.joining());
        return new IllegalStateException("the server of port %d has not ended in %d ms%s".formatted(
                server.port(),
                patience.toMillis(),
                held.isEmpty() ? "" : "; handlers that hold up event loops now, where they must not block:" + held));
    }

    private static Optional<StackTraceElement> ofApplication(StackTraceElement[] stack) {
        return Arrays.stream(stack).filter(BlockedLoops::isOfApplication).findFirst();
    }

    /** What a failing test shows: its address. */
    @Override
    public String toString() {
        return "server at " + uri("/");
    }
}
