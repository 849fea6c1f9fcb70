// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.WebSocketHandler;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.protocol.MaskingKeys;
import io.hawser.server.HawserServer;
import io.hawser.testkit.memory.MemoryNetwork;
import io.hawser.testkit.memory.Strand;
import io.hawser.testkit.memory.World;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
/**
 * An application in memory, on the real engine, under a clock of its own: no sockets, no sleeping. Its server and clients run on the thread
 * that waits for something, the test's; so nothing happens unless the test expects, {@link #settle settles} or {@link #advance lets time
 * pass}, and then everything does that can. The clock moves only when each handler waits inside Hawser.
 *
 * <p>For one thread at a time. To be closed, which ends all connections and the threads of handlers.
 */
public final class HawserTest implements AutoCloseable {
    private final World world;
    private final MemoryNetwork network;
    private final HawserServer server;
    private final HawserClient client;
    private final Duration within;

    private HawserTest(HttpHandler application, TestOptions options) {
        this.world = new World(options.seed(), options.patience(), options.restsOutside(), options.holdForPromises());
        this.network = new MemoryNetwork(world, options.principal(),
                (toServer, toClient) -> options.everyConnection().accept(new Faults(toServer), new Faults(toClient)));
        this.within = options.within();
        this.server = HawserServer.start(o -> options.server().apply(o).loops(network), application);
        this.client = HawserClient.create(o -> options.client().apply(predictable(o)).loops(network));
    }

    /** A test of an application. */
    public static HawserTest of(HttpHandler application) {
        return of(application, o -> o);
    }

    /** A test of an application, with options. */
    public static HawserTest of(HttpHandler application, UnaryOperator<TestOptions> options) {
        return new HawserTest(application, options.apply(TestOptions.defaults()));
    }

    /** A test of a handler, which takes every upgrade. */
    public static HawserTest of(WebSocketHandler handler) {
        return of(HttpHandler.webSocket(handler));
    }

    /** A test of a handler, which takes every upgrade, with options. */
    public static HawserTest of(WebSocketHandler handler, UnaryOperator<TestOptions> options) {
        return of(HttpHandler.webSocket(handler), options);
    }

    /** Nonces and masking keys that come again with the same seed. */
    private ConnectOptions predictable(ConnectOptions before) {
        RandomGenerator chance = world.newChance();
        return before.nonces(() -> {
                    byte[] nonce = new byte[16];
                    chance.nextBytes(nonce);
                    return nonce;
                })
                .maskingKeys(() -> {
                    RandomGenerator keys = world.newChance();
                    return (MaskingKeys) keys::nextInt;
                });
    }

    /** The server, of which all but its address is as over sockets. */
    public HawserServer server() {
        return server;
    }

    /**
     * A client of the server, of which all is as over sockets. The test's own thread may block in it and in its connections: meanwhile
     * everything else runs.
     */
    public HawserClient client() {
        return client;
    }

    /** Where a target of the server is, for {@link #client}. */
    public URI uri(String target) {
        return URI.create("ws://127.0.0.1:" + server.port() + target);
    }

    /** Lets everything happen that can while the clock stands still. */
    public HawserTest settle() {
        world.settle();
        return this;
    }

    /** Lets time pass: whatever is due on the way happens at its instant. */
    public HawserTest advance(Duration time) {
        world.advance(time);
        return this;
    }

    /** How much virtual time has passed. */
    public Duration elapsed() {
        return world.elapsed();
    }

    /** Cuts all connections, interrupts handlers, and waits for their end. */
    @Override
    public void close() {
        try {
            network.cutAll();
        } finally {
            world.end();
        }
    }

    // ---- faults and raw bytes

    /** What goes wrong with what a client of this test sends, by its connection. */
    public Faults toServer(Connection ofClient) {
        return new Faults(strand(ofClient).toServer());
    }

    /** What goes wrong with what a client of this test receives, by its connection. */
    public Faults toClient(Connection ofClient) {
        return new Faults(strand(ofClient).toClient());
    }

    private Strand strand(Connection ofClient) {
        return network.strand(ofClient).orElseThrow(() -> new IllegalArgumentException(
                "%s is no connection of a client in this test; use that which HawserTest.client has opened".formatted(ofClient)));
    }

    /**
     * Connects a client with no engine behind it, which the test moves byte by byte.
     *
     * @param target as in "/chat?room=1"
     * @param fields names and values of header fields in turn, each in place of the right one of that name
     * @throws IllegalArgumentException if they are not, or cannot stand in a header
     * @throws AssertionError if the server does not upgrade
     */
    public RawPeer raw(String target, String... fields) {
        return RawRequest.open(network, server.port(), RawRequest.of(target, List.of(fields)), within);
    }

    /** Starts a server with no engine behind it, for clients under test, at an address of its own. */
    public RawServer rawServer() {
        return rawServer(handshake -> handshake);
    }

    /** Starts a server with no engine behind it, for clients under test, which answers upgrades rightly or not. */
    public RawServer rawServer(UnaryOperator<RawHandshake> handshake) {
        return new RawServer(network, within, handshake.apply(RawHandshake.RIGHT));
    }
}
