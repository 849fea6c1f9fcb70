// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.Closed;
import io.hawser.EventLoops;
import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.netty.LeakCheck;
import io.hawser.tls.Certificate;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two ports, one in the clear and one over TLS, on one event loop. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class LoopsOfAnotherServerTest {
    private final Set<Thread> loops = ConcurrentHashMap.newKeySet();

    private HawserServer start(UnaryOperator<ServerOptions> options) {
        return HawserServer.start(
                o -> options.apply(o.port(0).grace(Duration.ofSeconds(5))),
                HttpHandler.webSocket(each(message -> {
                    loops.add(Thread.currentThread());
                    return message;
                })));
    }

    private HawserServer overTls(HawserServer owner) {
        return start(o -> o.loops(owner.loops()).tls(Certificate.LOCALHOST.shown()));
    }

    private static HawserClient client() {
        return HawserClient.create(o -> o.tls(Certificate.trusting()));
    }

    private static WebSocket connect(HawserClient client, HawserServer server) {
        String scheme = server.tlsProvider().isPresent() ? "wss" : "ws";
        return client.connect(scheme + "://127.0.0.1:" + server.port() + "/");
    }

    private static void assertEchoes(WebSocket socket) {
        socket.send("Paul");
        assertThat(socket.receive().text()).isEqualTo("Paul");
    }

    @Test
    void serveBothPorts() {
        try (HawserServer owner = start(o -> o.loops(1));
                HawserServer borrower = overTls(owner);
                HawserClient client = client();
                WebSocket inTheClear = connect(client, owner);
                WebSocket overTls = connect(client, borrower)) {
            assertEchoes(inTheClear);
            assertEchoes(overTls);
            assertThat(loops).as("one loop for both").hasSize(1);
            assertThat(borrower.loops()).isSameAs(owner.loops());
            assertThat(borrower.transport()).isEqualTo(owner.transport());
        }
    }

    @Test
    void goOnWithoutTheBorrower() throws Exception {
        try (HawserServer owner = start(o -> o.loops(1));
                HawserServer borrower = overTls(owner);
                HawserClient client = client();
                WebSocket stays = connect(client, owner);
                WebSocket goes = connect(client, borrower)) {
            CompletableFuture<Closed> closed = goes.closed().toCompletableFuture();
            borrower.close();
            assertThat(closed.get(20, TimeUnit.SECONDS).status().code()).isEqualTo(1001);
            assertEchoes(stays);
            try (WebSocket later = connect(client, owner);
                    HawserServer another = overTls(owner);
                    WebSocket there = connect(client, another)) {
                assertEchoes(later);
                assertEchoes(there);
            }
        }
    }

    @Test
    void endWithTheirOwner() {
        HawserServer owner = start(o -> o.loops(1));
        try (HawserServer borrower = overTls(owner)) {
            owner.close();
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> overTls(owner))
                    .withMessage("cannot listen on 127.0.0.1:0: the server is closed on whose event loops it was to run");
            assertThat(borrower.loops()).isSameAs(owner.loops());
        }
    }

    @Test
    void areNotWaitedForOnOneOfThem() throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        CompletableFuture<EventLoops> own = new CompletableFuture<>();
        HttpHandler starting = HttpHandler.async(request -> {
            try (HawserServer another = HawserServer.start(o -> o.port(0).loops(own.join()), asked -> Response.of(204))) {
                refused.completeExceptionally(new AssertionError("it started on port " + another.port()));
            } catch (IllegalStateException e) {
                refused.complete(e);
            }
            return CompletableFuture.completedStage(request.upgradeRefusal());
        });
        try (HawserServer server = HawserServer.start(o -> o.port(0).loops(1), starting); HawserClient client = client()) {
            own.complete(server.loops());
            client.connectAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), o -> o);
            assertThat(refused.get(20, TimeUnit.SECONDS))
                    .hasMessage("listening waits, which an event loop must not; do it on a thread of your own");
        }
    }

    @Test
    void areNotMadeElsewhere() {
        EventLoops others = new ForeignLoops();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start(o -> o.loops(others)))
                .withMessage("event loops must be those of a HawserServer, not loops of others");
    }
}
