// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hawser.HttpHandler;
import io.hawser.MessagePolicy;
import io.hawser.Transport;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.netty.LeakCheck;
import io.hawser.server.HawserServer;
import io.hawser.server.ServerOptions;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server to be attacked, with one loop, so that whatever holds it is felt by an innocent connection beside the
 * attacker's. After each case it checks what must hold after every case: the innocent connection gets its echo, each
 * connection was told of its end once, and no handler saw anything invalid.
 */
final class Target
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    /** The largest message that the echoes take. */
    static final int MAX_BYTES = 64 << 10;

    static final Duration HANG_GUARD = Duration.ofSeconds(20);

    private final UnaryOperator<ServerOptions> options;
    private final UnaryOperator<HttpHandler> around;
    private final LeakCheck leaks = new LeakCheck();
    private final WatchedEcho app = new WatchedEcho(MAX_BYTES);
    private HawserServer server;
    private RawClient innocent;

    private Target(UnaryOperator<ServerOptions> options, UnaryOperator<HttpHandler> around) {
        this.options = options;
        this.around = around;
    }

    /** A server whose requests are answered on virtual threads; to be registered as an extension. */
    static Target with(UnaryOperator<ServerOptions> options) {
        return new Target(options, UnaryOperator.identity());
    }

    static Target withDefaults() {
        return with(UnaryOperator.identity());
    }

    /** The same server, whose requests are answered on the loop. */
    Target onLoop() {
        return around(app -> HttpHandler.async(request -> {
            try {
                return CompletableFuture.completedStage(app.handle(request));
            } catch (Exception e) {
                return CompletableFuture.failedStage(e);
            }
        }));
    }

    /** The same server with something around its handler. */
    Target around(UnaryOperator<HttpHandler> handler) {
        return new Target(options, handler);
    }

    /** The same server on a transport, started; the test is skipped where that does not work. */
    Target startOn(Transport transport) throws IOException {
        Target target = new Target(before -> options.apply(before).transport(transport), around);
        try {
            target.start();
        } catch (IllegalStateException unavailable) {
            assumeTrue(false, unavailable.getMessage());
        }
        target.befriend();
        return target;
    }

    private void start() {
        server = HawserServer.start(
                o -> options.apply(Encryption.of(o).port(0)
                        .loops(1)
                        .grace(Duration.ofSeconds(5))
                        .webSocket(w -> w.messages(MessagePolicy.strict(MAX_BYTES)))),
                around.apply(app));
    }

    private void befriend() throws IOException {
        innocent = RawClient.open(server.port(), Face.EACH.path());
    }

    /** What holds after every case. */
    void verify() throws IOException {
        innocent.send(RawFrame.of(RawFrame.TEXT, "innocent"));
        innocent.expectEcho(RawFrame.TEXT, "innocent".getBytes(StandardCharsets.UTF_8));
        awaiting().untilAsserted(() -> assertThat(app.watches()).as("connections").allMatch(Watch::isOver));
        assertThat(app.watches()).flatExtracting(Watch::faults).as("what no handler should see").isEmpty();
        assertThat(app.eachWatch().faults()).as("what no handler should see").isEmpty();
    }

    private void stop() {
        server.close();
        app.beginNextCase();
        assertThat(app.past()).as("connections, in the end").allMatch(Watch::isOver);
        assertThat(app.past()).flatExtracting(Watch::faults).as("what no handler should see").isEmpty();
    }

    /** Closes the innocent connection, where a server's stop is what is tested. */
    void farewell() throws IOException {
        innocent.close();
    }

    int port() {
        return server.port();
    }

    HawserServer server() {
        return server;
    }

    WatchedEcho app() {
        return app;
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    RawClient open(Face face) throws IOException {
        return RawClient.open(port(), face.path());
    }

    RawClient open(String path) throws IOException {
        return RawClient.open(port(), path);
    }

    /** The watch on the only connection that a case has opened; not for the each face. */
    Watch watch() {
        return awaiting().until(() -> List.copyOf(app.watches()), found -> found.size() == 1).get(0);
    }

    /** Waits for what another thread does, up to the hang guard. */
    static ConditionFactory awaiting() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(HANG_GUARD);
    }

    /** The only connection of a case, when it is over. */
    Watch watchUntilOver() {
        Watch watch = watch();
        awaiting().until(watch::isOver);
        return watch;
    }

    /** Asserts that bytes end a connection with a close code, and that its handler got so many messages before. */
    void expectFailure(Face face, Cut cut, int code, int delivered, byte[]... bytes) throws IOException {
        try (RawClient client = open(face)) {
            for (byte[] run : bytes) {
                client.send(cut, run);
            }
            client.expectFailedWith(code);
        }
        if (face != Face.EACH) {
            assertThat(watchUntilOver().delivered()).as("messages delivered").isEqualTo(delivered);
        }
        app.beginNextCase();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        leaks.beforeAll(context);
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        befriend();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            verify();
        } finally {
            innocent.close();
            app.beginNextCase();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        stop();
        leaks.afterAll(context);
    }

    @Override
    public void close() throws IOException {
        try {
            verify();
            innocent.closeWith(1000);
        } finally {
            innocent.close();
            stop();
        }
    }
}
