// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Compression;
import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.protocol.MaskingKeys;
import io.hawser.server.HawserServer;
import io.hawser.testkit.memory.MemoryNetwork;
import io.hawser.testkit.memory.Strand;
import io.hawser.testkit.memory.World;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * An application in memory, on the real engine, under a clock of its own: no sockets, no sleeping. Its server and clients run on the thread
 * that waits for something, the test's; so nothing happens unless the test expects, {@link #settle settles} or {@link #advance lets time
 * pass}, and then everything does that can. The clock moves only when each handler waits inside Hawser. A run depends on nothing but the {@link
 * TestOptions#seed seed}, as long as handlers do not depend on anything else either; the system property {@code hawser.seed} repeats one.
 *
 * <p>Not all obeys this clock:
 * <ul>
 *   <li>A handler that waits elsewhere, in {@code Thread.sleep}, a lock, a queue, or a call of something else, holds the clock until it goes
 *       on; {@link TestOptions#patience} bounds that in real time, and {@link TestOptions#restsOutside} lifts it.
 *   <li>A stage that a handler has returned holds the clock until it is complete, unless {@link TestOptions#holdForPromises} says otherwise.
 *   <li>Threads that Hawser has not begun are not known to it and not waited for: those of an executor, of a stream library and its timers, of
 *       another HTTP client. Their time is real. What a probe expects is given a moment of real time to come from there before the
 *       expectation fails; but {@link Probe#expectNoMessage()} knows nothing of what they are yet to do. Give such a library a scheduler that the
 *       test drives, or none.
 * </ul>
 *
 * <p>It needs no framework of tests. For one thread at a time. To be closed, which ends all connections and the threads of handlers.
 */
public final class HawserTest implements AutoCloseable {
    private final TestOptions options;
    private final World world;
    private final MemoryNetwork network;
    private final HawserServer server;
    private final HawserClient client;
    /** That of probes, which receive streamed messages and leave what is not read as it is. */
    private final HawserClient probes;
    private final Requests requests;
    private final Scene scene;

    private HawserTest(HttpHandler application, TestOptions options) {
        this.options = options;
        this.world = new World(options.seed(), options.patience(), options.restsOutside(), options.holdForPromises());
        boolean whole = false;
        try {
            this.network = new MemoryNetwork(world, options.principal(),
                    (toServer, toClient) -> options.everyConnection().accept(new Faults(toServer), new Faults(toClient)));
            this.server = HawserServer.start(o -> options.server().apply(o).loops(network), application);
            this.client = HawserClient.create(o -> options.client().apply(predictable(o)).loops(network));
            this.probes = HawserClient.create(o -> options.client().apply(predictable(o).webSocket(HawserTest::lookingOn)).loops(network));
            this.scene = new Scene(network, options);
            this.requests = new Requests(scene, server);
            whole = true;
        } finally {
            if (!whole) {
                world.end(); // else the calling thread would still belong to it
            }
        }
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

    private static WebSocketOptions lookingOn(WebSocketOptions before) {
        return before.messages(MessagePolicy.streamed()).drainTimeout(Duration.ZERO);
    }

    /** Nonces and masking keys that come again with the same seed, and frames that can be read where they are shown. */
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
                })
                .webSocket(o -> o.compression(Compression.off()));
    }

    /** The server, of which all but its address is as over sockets. */
    public HawserServer server() {
        world.adopt(); // closing it blocks
        return server;
    }

    /**
     * A client of the server, of which all is as over sockets. The test's own thread may block in it and in its connections: meanwhile
     * everything else runs.
     */
    public HawserClient client() {
        world.adopt(); // its calls block
        return client;
    }

    /** Where a target of the server is, for {@link #client}. */
    public URI uri(String target) {
        return requests.uri(target);
    }

    // ---- what a test asks of the application

    /** The response to a plain {@code GET}; see {@link #request(String, String, Map)}. */
    public Response request(String target) {
        return request("GET", target, Map.of());
    }

    /** The response to a plain request without a body; see {@link #request(String, String, Map, byte[])}. */
    public Response request(String method, String target, Map<String, String> headers) {
        return request(method, target, headers, new byte[0]);
    }

    /** The response to a plain request with a text, as UTF-8, for its body; see {@link #request(String, String, Map, byte[])}. */
    public Response request(String method, String target, Map<String, String> headers, String body) {
        return request(method, target, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The response to a plain request, as a client receives it, with the header fields that the server adds, and with its body as a whole, be it a
     * file or a stream. The request has a {@code Host}, and a {@code Content-Length} if it has a body.
     *
     * @param method as it is sent, "GET"
     * @param target as it is sent, "/chat?room=1"
     * @param headers one value a name
     * @param body empty for none
     * @throws AssertionError if there is no response within {@link TestOptions#within}
     * @throws IllegalArgumentException if a header's name is not a token, or its value holds control characters
     * @throws IllegalStateException if the server is closed
     */
    public Response request(String method, String target, Map<String, String> headers, byte[] body) {
        return requests.ask(method, target, headers, body);
    }

    /** A probe that is connected; see {@link #webSocket(String, UnaryOperator)}. */
    public Probe webSocket(String target) {
        return webSocket(target, o -> o);
    }

    /**
     * A probe that is connected.
     *
     * @param target as it is sent, "/chat?room=1"
     * @param change changes the client's options for this connection
     * @throws AssertionError if the server refused, with status, header fields and body of what it said
     * @throws IllegalArgumentException if the target does not begin with a slash
     */
    public Probe webSocket(String target, UnaryOperator<ConnectOptions> change) {
        return upgrade(target, change).probe();
    }

    /** A probe that receives and reads only what the test asks for; see {@link #webSocketByHand(String, UnaryOperator)}. */
    public Probe webSocketByHand(String target) {
        return webSocketByHand(target, o -> o);
    }

    /** A probe that receives and reads only what the test asks for, by {@link Probe#incoming}; see {@link #webSocket(String, UnaryOperator)}. */
    public Probe webSocketByHand(String target, UnaryOperator<ConnectOptions> change) {
        return requests.upgrade(probes, target, true, change).probe();
    }

    /** What becomes of a request for the upgrade; see {@link #upgrade(String, UnaryOperator)}. */
    public Upgrade upgrade(String target) {
        return upgrade(target, o -> o);
    }

    /**
     * What becomes of a request for the upgrade to WebSocket.
     *
     * @param target as it is sent, "/chat?room=1"
     * @param change changes the client's options for this connection
     * @throws AssertionError if there is no response, or a 101 that is no answer to the request
     * @throws IllegalArgumentException if the target does not begin with a slash
     */
    public Upgrade upgrade(String target, UnaryOperator<ConnectOptions> change) {
        return requests.upgrade(probes, target, false, change);
    }

    /** Connects a client under test; see {@link #connect(String, WebSocketHandler, UnaryOperator)}. */
    public Connection connect(String target, WebSocketHandler handler) {
        return connect(target, handler, o -> o);
    }

    /**
     * Connects a client under test, in whichever face it is written, with the options of {@link #client}.
     *
     * @throws AssertionError if the server refused
     * @throws IllegalArgumentException if the target does not begin with a slash
     */
    public Connection connect(String target, WebSocketHandler handler, UnaryOperator<ConnectOptions> change) {
        return requests.connect(client, target, handler, change);
    }

    /**
     * What the code under test threw so far, of handlers at either side and in the order in which it came; without what a probe was told to
     * fail with. Each has closed its connection with 1011, or was answered by 500.
     */
    public List<Throwable> failures() {
        return scene.failures();
    }

    /**
     * Lets everything happen that can while the clock stands still, and checks that the code under test has thrown nothing.
     *
     * @throws AssertionError if it has; the first of what it threw is its cause
     */
    public HawserTest expectNoFailures() {
        world.settle();
        if (!failures().isEmpty()) {
            throw Report.failure(scene, null, "no failures of handlers", Shown.count(failures().size(), "failure") + " came");
        }
        return this;
    }

    /**
     * Waits for a result, for {@link TestOptions#within} of virtual time, while everything else goes on.
     *
     * @return the result
     * @throws AssertionError if it does not come in time
     * @throws java.util.concurrent.CompletionException if the stage fails, with what it failed with
     */
    public <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> result = stage.toCompletableFuture();
        await("the result of a stage", result::isDone);
        return result.join();
    }

    /**
     * Waits until something is so, for {@link TestOptions#within} of virtual time, while everything else goes on.
     *
     * @param what as in "a line in the log", for the failure
     * @throws AssertionError if it does not come to that in time
     */
    public HawserTest await(String what, BooleanSupplier until) {
        if (!world.await(until, options.within())) {
            throw Report.failure(scene, null, what, "that did not come within " + Shown.time(options.within()));
        }
        return this;
    }

    // ---- time

    /** Lets everything happen that can while the clock stands still. */
    public HawserTest settle() {
        world.settle();
        return this;
    }

    /**
     * Lets time pass: whatever is due on the way happens at its instant.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public HawserTest advance(Duration time) {
        TestOptions.requireNotNegative("time", time);
        world.advance(time);
        return this;
    }

    /** How much virtual time has passed. */
    public Duration elapsed() {
        return world.elapsed();
    }

    /**
     * Cuts all connections, lets handlers see that, interrupts those that go on all the same, and waits for their end, for 10 s of real time
     * or {@link TestOptions#patience} if that is longer.
     *
     * @throws AssertionError if one of them does not end
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // by a time-out of the test: what is open ends all the same
        try {
            network.cutAll();
            world.end();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
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
        return RawRequest.open(scene, server.port(), RawRequest.of(target, List.of(fields)));
    }

    /** Starts a server with no engine behind it, for clients under test, at an address of its own. */
    public RawServer rawServer() {
        return rawServer(handshake -> handshake);
    }

    /** Starts a server with no engine behind it, for clients under test, which answers upgrades rightly or not. */
    public RawServer rawServer(UnaryOperator<RawHandshake> handshake) {
        return new RawServer(scene, handshake.apply(RawHandshake.RIGHT));
    }

    // ---- recordings

    /**
     * What has passed the connection of a client of this test so far, for a file or for {@link #play}. First it lets everything happen that can
     * while the clock stands still, so that the end of one that is closed is there as well.
     */
    public Recording recording(Connection ofClient) {
        world.settle();
        return Recording.of(strand(ofClient), /* client= */ true);
    }

    /**
     * Plays the client's side of a recording against the server: sends its frames as they are recorded, in the recording's order and no
     * earlier than at their times, and awaits each of the server's, for {@link TestOptions#within} behind its recorded time. The server's
     * times, masking keys, and how bytes were cut do not count.
     *
     * @throws AssertionError if the server answers, sends or ends something else than is recorded, or something more
     */
    public void play(Recording recording) {
        ClientPlayback.play(scene, server.port(), recording);
    }

    PlayedServer playServer(Recording recording) {
        return new PlayedServer(scene, recording);
    }
}
