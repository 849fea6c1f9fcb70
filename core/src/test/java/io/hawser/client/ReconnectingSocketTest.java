// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.Reconnecting.Cause;
import io.hawser.client.Reconnecting.State;
import io.hawser.netty.LeakCheck;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reconnecting over sockets. Needs them: for a port that is listened on again, for TLS, and to see that a socket is closed. What is about
 * time the testkit's ReconnectingInMemoryTest and ConnectTimesTest show, on a clock of their own.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
@Tag("U7")
class ReconnectingSocketTest {
    /** Far above what any test waits for. */
    private static final Duration LONG = Duration.ofHours(1);

    private static HawserClient client;

    @BeforeAll
    static void start() {
        client = HawserClient.create(o -> Encryption.of(o).backOff(Duration.ofMillis(1), Duration.ofMillis(20)));
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    private static HawserServer echo(int port) {
        return HawserServer.start(o -> Encryption.of(o).port(port), HttpHandler.webSocket(each(message -> message)));
    }

    private static URI uri(int port) {
        return URI.create(Encryption.scheme() + "://127.0.0.1:" + port + "/");
    }

    private static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("something").isNotNull();
        return next;
    }

    private static <T extends State> T next(LinkedBlockingQueue<State> states, Class<T> kind) throws InterruptedException {
        State state = next(states);
        while (!kind.isInstance(state)) {
            state = next(states);
        }
        return kind.cast(state);
    }

    private static State.Stopped end(Reconnecting reconnecting) throws Exception {
        return reconnecting.stopped().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void hearsItsEchoAgainFromANewServer() throws Exception {
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<State> states = new LinkedBlockingQueue<>();
        WebSocketHandler handler = frames(channel -> {
            channel.send(Frame.text("login"));
            return frame -> {
                if (frame.opcode() == Opcode.TEXT) {
                    heard.add(frame.text());
                }
            };
        });
        int port;
        Reconnecting reconnecting;
        try (HawserServer first = echo(0)) {
            port = first.port();
            reconnecting = client.reconnecting(uri(port), handler, o -> o.onReconnecting(states::add).keepUnsent(2, 100));
            assertThat(next(heard)).isEqualTo("login");
            next(states, State.Open.class);
            reconnecting.sendAsync(TextMessage.of("ahoy"));
            assertThat(next(heard)).isEqualTo("ahoy");
        }
        assertThat(next(states, State.Waiting.class).why()).hasMessageStartingWith("the connection is closed: 1001");
        CompletionStage<Void> kept = reconnecting.sendAsync(TextMessage.of("one"));
        assertThat(reconnecting.trySend(TextMessage.of("two"))).isTrue();
        assertThat(reconnecting.trySend(TextMessage.of("three"))).isFalse();
        assertThat(next(states, State.Waiting.class).why()).isInstanceOf(ConnectFailedException.class);
        try (HawserServer second = echo(port)) {
            assertThat(List.of(next(heard), next(heard), next(heard))).containsExactly("login", "one", "two");
            kept.toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(second.port()).isEqualTo(port);
            reconnecting.close();
            assertThat(end(reconnecting).cause()).isEqualTo(Cause.CLOSED);
        }
        next(states, State.Stopped.class);
        assertThat(states).isEmpty();
    }

    @Test
    void closesTheSocketOfAnAttemptWhenItIsClosed() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        AtomicInteger opened = new AtomicInteger();
        WebSocketHandler handler = frames(channel -> {
            opened.incrementAndGet();
            return frame -> {};
        });
        try (RawServer raw = new RawServer((head, peer) -> end.complete(peer.getInputStream().read()))) {
            Reconnecting reconnecting = client.reconnecting(URI.create(raw.uri()), handler, o -> o.connectTimeout(LONG));
            assertThat(raw.head()).isNotEmpty();
            reconnecting.close();
            assertThat(end(reconnecting).cause()).isEqualTo(Cause.CLOSED);
            assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
            assertThat(opened).hasValue(0);
        }
    }

    @Test
    void stopsWithItsClient() throws Exception {
        LinkedBlockingQueue<State> states = new LinkedBlockingQueue<>();
        try (HawserServer server = echo(0)) {
            HawserClient own = HawserClient.create(Encryption::of);
            Reconnecting reconnecting =
                    own.reconnecting(uri(server.port()), each(message -> message), o -> o.onReconnecting(states::add));
            next(states, State.Open.class);
            own.close();
            assertThat(end(reconnecting).cause()).isEqualTo(Cause.CLIENT_CLOSED);
            Reconnecting late = own.reconnecting(uri(server.port()), each(message -> message), o -> o);
            assertThat(end(late).cause()).isEqualTo(Cause.CLIENT_CLOSED);
        }
    }

    @Test
    void refusesAUriOfNoUseAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.reconnecting(URI.create("http://example.com/"), each(message -> message), o -> o));
    }

    // ---- fresh headers of a plain connect

    @Test
    void hasFreshHeadersForASingleConnectionToo() {
        HttpHandler app = request -> request.upgrade()
                .map(u -> u.accept(direct(socket ->
                        socket.send(request.headers().firstValue("X-Token").orElse("none")))))
                .orElseThrow();
        try (HawserServer server = HawserServer.start(o -> Encryption.of(o).port(0), app);
                WebSocket socket = client.connect(uri(server.port()), o -> o.freshHeaders(() -> {
                    assertThat(Thread.currentThread().isVirtual()).isTrue();
                    return Map.of("X-Token", "fresh");
                }))) {
            for (Message message : socket) {
                assertThat(message.text()).isEqualTo("fresh");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "a b", "Sec-WebSocket-Key"})
    void failsOverFreshHeadersThatCannotBeSent(String name) {
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> client.connect(uri(1), o -> o.freshHeaders(() -> Map.of(name, "x"))))
                .withMessageStartingWith("cannot connect to " + uri(1) + ": its fresh headers could not be had: ")
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    /** Asks for headers that never come, until it is interrupted. */
    private static final class NoHeaders implements Supplier<Map<String, String>> {
        final CountDownLatch asked = new CountDownLatch(1);
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        @Override
        public Map<String, String> get() {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
                return Map.of();
            } catch (InterruptedException e) {
                interrupted.complete(true);
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void interruptsWhoeverIsAskedForHeadersInVain() throws Exception {
        NoHeaders none = new NoHeaders();
        CompletableFuture<WebSocket> opening = client.connectAsync(uri(1), o -> o.freshHeaders(none).connectTimeout(LONG));
        assertThat(none.asked.await(20, TimeUnit.SECONDS)).isTrue();
        opening.cancel(false);
        assertThat(none.interrupted.get(20, TimeUnit.SECONDS)).isTrue();

        NoHeaders again = new NoHeaders();
        Reconnecting reconnecting = client.reconnecting(
                uri(1), each(message -> message), o -> o.freshHeaders(again).connectTimeout(LONG));
        assertThat(again.asked.await(20, TimeUnit.SECONDS)).isTrue();
        reconnecting.close();
        assertThat(again.interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
