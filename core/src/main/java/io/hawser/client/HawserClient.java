// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.Transport;
import io.hawser.UpgradeRefusedException;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.Opening;
import io.hawser.netty.NettyClient;
import io.hawser.network.Connector;
import io.hawser.network.Network;
import io.hawser.network.UpgradeOpener;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.waiting.Awaited;
import io.hawser.waiting.Surroundings;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Connects to WebSocket servers. One client serves any number of connections on its event loops, whose threads are daemons; any thread may
 * use it.
 */
public final class HawserClient implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Connector connector;
    private final ConnectOptions options;
    private final PermessageDeflate.Memory compressionMemory;
    private final boolean shared;
    private final Set<Reconnecting> reconnecting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private HawserClient(ConnectOptions options, boolean shared) {
        this.options = options;
        this.compressionMemory = new PermessageDeflate.Memory(options.webSocket.compression().memoryBytes());
        this.shared = shared;
        this.connector = options.sharedLoops()
                .map(loops -> Network.of(loops).newConnector())
                .orElseGet(() -> NettyClient.start(options.transport, options.loops));
    }

    /** Made when it is first asked for. */
    private static final class Shared {
        static final HawserClient CLIENT = new HawserClient(ConnectOptions.defaults(), true);
    }

    /** The client that all of the process may use, with default options. It cannot be closed. */
    public static HawserClient shared() {
        return Shared.CLIENT;
    }

    /**
     * A client of its own, to be closed.
     *
     * @param options changes the {@link ConnectOptions#defaults defaults} of its connections
     * @throws IllegalArgumentException if an option is outside its range, or {@link ConnectOptions#loops(io.hawser.EventLoops) loops} were
     *     given that are not a {@code HawserServer}'s
     * @throws IllegalStateException if a transport was chosen that does not work here
     */
    public static HawserClient create(UnaryOperator<ConnectOptions> options) {
        return new HawserClient(options.apply(ConnectOptions.defaults()), false);
    }

    /** How sockets are driven; never {@link Transport#AUTO}. */
    public Transport transport() {
        return connector.transport();
    }

    /**
     * How many bytes compression takes now, of the {@linkplain io.hawser.Compression#memoryBytes(long) budget} that the client has for all its
     * connections.
     */
    public long compressionBytes() {
        return compressionMemory.usedBytes();
    }

    /** Connects with the client's options; see {@link #connect(URI, UnaryOperator)}. */
    public WebSocket connect(String uri) {
        return connect(URI.create(uri));
    }

    /** Connects with the client's options; see {@link #connect(URI, UnaryOperator)}. */
    public WebSocket connect(URI uri) {
        return connect(uri, o -> o);
    }

    /**
     * Connects, and waits until the connection is open. The caller's threads use it, and close it.
     *
     * @param uri an absolute {@code ws} or {@code wss} URI
     * @param change changes the client's options for this connection
     * @throws IllegalArgumentException if the URI is of no use, or the files of its TLS; the message says why
     * @throws UpgradeRefusedException if the server answered otherwise
     * @throws ConnectFailedException if no server was reached, or one that does not speak WebSocket
     * @throws WaitInterruptedException if the thread is interrupted meanwhile
     * @throws IllegalStateException on an event loop, which would wait for itself; or if an implementation of TLS was chosen that does not
     *     work here, or not with a context of the application's own
     */
    public WebSocket connect(URI uri, UnaryOperator<ConnectOptions> change) {
        if (connector.isOnLoop() || Surroundings.current().isOnLoop()) {
            throw new IllegalStateException("a blocking call on an event loop; use connectAsync, or a thread of your own");
        }
        CompletableFuture<WebSocket> opened = connectAsync(uri, change);
        return Awaited.result(opened, connector.surroundings(), () -> {
            opened.cancel(false); // gives the connection up
            return new WaitInterruptedException("interrupted while connecting to " + ShownUri.of(uri));
        });
    }

    /**
     * Connects, for a connection that the caller's threads use.
     *
     * @return completes on the connection's event loop when it is open, but on a virtual thread where {@link ConnectOptions#cookies cookies}
     *     are kept; fails as {@link #connect(URI, UnaryOperator)} throws. Whoever cancels it gives the connection up
     * @throws IllegalArgumentException if the URI is of no use
     */
    public CompletableFuture<WebSocket> connectAsync(URI uri, UnaryOperator<ConnectOptions> change) {
        ConnectOptions chosen = change.apply(options);
        if (chosen.webSocket.compression().raw()) {
            throw new IllegalArgumentException("Compression.ofRawFrames() is for connections with a handler made by rawFrames(...)");
        }
        MaskingKeys keys = chosen.maskingKeys.get();
        return connect(uri, chosen, WebSocket.class, new ClientOpener(chosen.webSocket, compressionMemory, (request, response) ->
                Opening.ofClient(request, response, chosen.webSocket, keys)));
    }

    /**
     * Connects, for a connection that a handler takes, in whichever face it is written.
     *
     * @param handler called when the connection is open, as a server calls it
     * @return as above
     * @throws IllegalArgumentException if the URI is of no use
     */
    public CompletableFuture<Connection> connectAsync(
            URI uri, WebSocketHandler handler, UnaryOperator<ConnectOptions> change) {
        ConnectOptions chosen = change.apply(options);
        MaskingKeys keys = chosen.maskingKeys.get();
        WebSocketOptions ofHandler = handler.optionsOver(chosen.webSocket);
        return connect(uri, chosen, Connection.class, new ClientOpener(ofHandler, compressionMemory, (request, response) ->
                Opening.ofClient(request, response, handler, ofHandler, keys)));
    }

    /**
     * Connects, and connects again whenever the connection has ended, until what is returned is closed or something else stops it; see {@link
     * Reconnecting}. The first attempt begins at once.
     *
     * @param handler called for each connection when it is open, as a server calls it
     * @param change changes the client's options for these connections: how long to wait, when to give up, what becomes of messages meanwhile,
     *     and who is told
     * @throws IllegalArgumentException if the URI is of no use
     */
    public Reconnecting reconnecting(URI uri, WebSocketHandler handler, UnaryOperator<ConnectOptions> change) {
        ConnectOptions chosen = change.apply(options);
        Destination.of(uri); // here: no attempt could mend it
        Reconnecting started = new Reconnecting(
                uri, () -> connectAsync(uri, handler, o -> chosen), chosen.reconnecting, connector.surroundings());
        reconnecting.add(started);
        started.stopped().thenRun(() -> reconnecting.remove(started));
        started.start();
        if (closed) {
            started.clientCloses(); // the client may have missed it
        }
        return started;
    }

    /** Connects once the header fields are there that change from one attempt to the next. */
    private <C extends Connection> CompletableFuture<C> connectWithFreshHeaders(
            URI uri, ConnectOptions chosen, Class<C> view, UpgradeOpener opener) {
        CompletableFuture<C> opened = new CompletableFuture<>();
        CompletableFuture<ConnectOptions> asked = FreshHeaders.ask(uri, chosen, connector.surroundings());
        opened.whenComplete((connection, failure) -> asked.cancel(false));
        asked.whenComplete((ready, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
                return;
            }
            try {
                passOn(connect(uri, ready, view, opener), opened);
            } catch (RuntimeException failed) { // of the application's suppliers
                opened.completeExceptionally(failed);
            }
        });
        return opened;
    }

    private static <C extends Connection> void passOn(CompletableFuture<C> connecting, CompletableFuture<C> opened) {
        connecting.whenComplete((connection, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
            } else if (!opened.complete(connection)) {
                connection.abort();
            }
        });
        opened.whenComplete((connection, failure) -> connecting.cancel(false));
    }

    private <C extends Connection> CompletableFuture<C> connect(
            URI uri, ConnectOptions chosen, Class<C> view, UpgradeOpener opener) {
        if (chosen.hasFreshHeaders()) {
            Destination.of(uri); // here, rather than in the future that is returned
            return connectWithFreshHeaders(uri, chosen, view, opener);
        }
        CompletableFuture<C> opened = new CompletableFuture<>();
        CompletableFuture<LiveConnection> journey = new Journey(connector, chosen, opener, uri).begin();
        journey.whenComplete((live, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
            } else if (!opened.complete(view.cast(live.connection()))) {
                live.abort("nobody waits for the connection any more");
            }
        });
        opened.whenComplete((connection, failure) -> journey.cancel(false)); // changes nothing but for one that was given up
        return opened;
    }

    /**
     * Stops what reconnects, closes all connections with 1001, waits for them at most 3 s, cuts what is left, and ends the threads. Harmless
     * if repeated.
     *
     * @throws IllegalStateException for the {@link #shared} client, or on an event loop, which would wait for itself
     */
    @Override
    public void close() {
        if (shared) {
            throw new IllegalStateException("the shared client cannot be closed; create one of your own");
        }
        if (connector.isOnLoop()) { // here, since what reconnects would be stopped already
            throw new IllegalStateException("closing waits, which an event loop must not; do it on a thread of your own");
        }
        closed = true;
        reconnecting.forEach(Reconnecting::clientCloses);
        connector.stop(GRACE);
        compressionMemory.close();
    }
}
