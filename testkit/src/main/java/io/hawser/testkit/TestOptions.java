// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.client.ConnectOptions;
import io.hawser.server.ServerOptions;
import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Options of a {@link HawserTest}. Immutable: each method returns changed options, as in {@code HawserTest.of(app, o -> o.seed(7))}. */
public final class TestOptions {
    static final String SEED_PROPERTY = "hawser.seed";

    private static final TestOptions DEFAULTS = new TestOptions();

    private long seed;
    private Duration within = Duration.ofSeconds(3);
    private Duration patience = Duration.ofSeconds(10);
    private Predicate<? super Thread> restsOutside = thread -> false;
    private boolean holdForPromises = true;
    private int maxChunks = 1000;
    private Duration collectWithin = Duration.ofSeconds(5);
    private int shownFrames = 20;
    private UnaryOperator<ServerOptions> server = o -> o;
    private UnaryOperator<ConnectOptions> client = o -> o;
    private @Nullable Principal principal;
    private BiConsumer<? super Faults, ? super Faults> everyConnection = (toServer, toClient) -> {};

    private TestOptions() {}

    private TestOptions(TestOptions from) {
        seed = from.seed;
        within = from.within;
        patience = from.patience;
        restsOutside = from.restsOutside;
        holdForPromises = from.holdForPromises;
        maxChunks = from.maxChunks;
        collectWithin = from.collectWithin;
        shownFrames = from.shownFrames;
        server = from.server;
        client = from.client;
        principal = from.principal;
        everyConnection = from.everyConnection;
    }

    private TestOptions with(Consumer<TestOptions> change) {
        TestOptions changed = new TestOptions(this);
        change.accept(changed);
        return changed;
    }

    /** The defaults. */
    static TestOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Which of the threads of handlers goes on where several could, and all other chance; default 0, with which they take turns in the order
     * in which they could. A run with the same seed is the same run. Failures name it. The system property {@code hawser.seed} goes before it,
     * so that a run can be repeated without a change of the test.
     */
    public TestOptions seed(long value) {
        return with(o -> o.seed = value);
    }

    /**
     * How long, of virtual time, a probe waits for what it expects; zero or more; default 3 s.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TestOptions within(Duration time) {
        requireNotNegative("within", time);
        return with(o -> o.within = time);
    }

    /**
     * How long, of real time, it is waited for handlers that wait outside of Hawser, in a lock, a sleep, or a call of something else, where
     * the virtual clock does not reach; zero or more; default 10 s. When it is over the test fails, and says where they wait.
     * A handler that blocks the event loop for so long, which is the test's own thread, is interrupted, and the test fails as well.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TestOptions patience(Duration time) {
        requireNotNegative("patience", time);
        return with(o -> o.patience = time);
    }

    /**
     * Which threads of handlers are at rest although they wait outside of Hawser, so that the clock may move; default none. Such as one that
     * waits in a queue for what another handler puts there.
     */
    public TestOptions restsOutside(Predicate<? super Thread> which) {
        return with(o -> o.restsOutside = Objects.requireNonNull(which));
    }

    /**
     * Whether the clock stands, and {@link HawserTest#settle} waits, while a stage that a handler has returned is not complete, of {@code
     * HttpHandler.async} or {@code WebSocketHandler.eachAsync}; default true. False where the test itself completes it.
     */
    public TestOptions holdForPromises(boolean hold) {
        return with(o -> o.holdForPromises = hold);
    }

    /**
     * How many chunks a probe keeps of a streamed message that it receives; 1 or more; default 1000. It asks for more as they are taken.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public TestOptions maxChunks(int chunks) {
        if (chunks < 1) {
            throw new IllegalArgumentException("maxChunks must be 1 or more, not " + chunks);
        }
        return with(o -> o.maxChunks = chunks);
    }

    /**
     * How long, of virtual time, a probe that expects a message waits for the rest of one that has begun; zero or more; default 5 s.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TestOptions collectWithin(Duration time) {
        requireNotNegative("collectWithin", time);
        return with(o -> o.collectWithin = time);
    }

    /**
     * How many frames of its connection a probe's failure shows, the last ones of both directions; 0 or more; default 20.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TestOptions shownFrames(int frames) {
        if (frames < 0) {
            throw new IllegalArgumentException("shownFrames must be 0 or more, not " + frames);
        }
        return with(o -> o.shownFrames = frames);
    }

    /** Changes the options of the server; its address and its transport do not count, and TLS is refused. */
    public TestOptions server(UnaryOperator<ServerOptions> change) {
        UnaryOperator<ServerOptions> before = server;
        return with(o -> o.server = options -> change.apply(before.apply(options)));
    }

    /**
     * Changes the options of the client, and so of all probes. They offer no compression, so that failures and recordings show what was said;
     * {@code o -> o.webSocket(w -> w.compression(Compression.on()))} offers it.
     */
    public TestOptions client(UnaryOperator<ConnectOptions> change) {
        UnaryOperator<ConnectOptions> before = client;
        return with(o -> o.client = options -> change.apply(before.apply(options)));
    }

    /** Who clients are by their certificate, as {@code Connection.principal} tells; default nobody. */
    public TestOptions principal(Principal who) {
        return with(o -> o.principal = Objects.requireNonNull(who));
    }

    /**
     * What goes wrong on each new connection, from its first byte behind the handshake; default nothing. As in {@code
     * everyConnection((toServer, toClient) -> toServer.split(7, 1))}.
     *
     * @param preparation given the two directions of each connection; called on the event loop; replaces an earlier one
     */
    public TestOptions everyConnection(BiConsumer<? super Faults, ? super Faults> preparation) {
        return with(o -> o.everyConnection = Objects.requireNonNull(preparation));
    }

    static void requireNotNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, as " + time + " is");
        }
    }

    /** That of the system property, if there is one. */
    long seed() {
        String fromOutside = System.getProperty(SEED_PROPERTY);
        return fromOutside == null ? seed : parsedSeed(fromOutside);
    }

    static long parsedSeed(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the system property " + SEED_PROPERTY + " must be a whole number, not '" + value + "'", e);
        }
    }

    Duration within() {
        return within;
    }

    Duration patience() {
        return patience;
    }

    Predicate<? super Thread> restsOutside() {
        return restsOutside;
    }

    boolean holdForPromises() {
        return holdForPromises;
    }

    int maxChunks() {
        return maxChunks;
    }

    Duration collectWithin() {
        return collectWithin;
    }

    int shownFrames() {
        return shownFrames;
    }

    UnaryOperator<ServerOptions> server() {
        return server;
    }

    UnaryOperator<ConnectOptions> client() {
        return client;
    }

    BiConsumer<? super Faults, ? super Faults> everyConnection() {
        return everyConnection;
    }

    Optional<Principal> principal() {
        return Optional.ofNullable(principal);
    }
}
