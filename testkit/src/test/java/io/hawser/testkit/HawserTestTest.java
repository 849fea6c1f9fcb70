// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.connection.EchoFace;
import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client of a test, whose thread blocks in it while all else runs. */
class HawserTestTest {
    @ParameterizedTest
    @EnumSource
    @Tag("X4")
    void talksInEachFace(EchoFace face) {
        try (HawserTest test = HawserTest.of(face.handler());
                WebSocket socket = test.client().connect(test.uri("/"), o -> o)) {
            socket.send("Ahoy");
            assertThat(socket.receive().text()).isEqualTo("Ahoy");
            byte[] large = new byte[1 << 20];
            large[77] = 7;
            socket.send(large);
            assertThat(socket.receive().data().get(77)).isEqualTo((byte) 7);
            assertThat(socket.receive(Duration.ofMinutes(1))).isEmpty();
            assertThat(test.elapsed()).isEqualTo(Duration.ofMinutes(1));
            Closed how = socket.close(4001, "done");
            assertThat(how.status().code()).isEqualTo(4001);
            assertThat(how.clean()).isTrue();
        }
    }

    @Test
    @Tag("X4")
    void letsAThousandMinutesOfKeepAlivePass() {
        try (HawserTest test = HawserTest.of(EchoFace.DIRECT.handler());
                WebSocket socket = test.client().connect(test.uri("/"), o -> o)) {
            test.advance(Duration.ofMinutes(1000));
            socket.send("still there");
            assertThat(socket.receive().text()).isEqualTo("still there");
        }
    }

    /** What a message of one test waits for, another that was driven meanwhile cannot bring. */
    @Test
    void readsStreamedMessagesOfTwoTestsAtATime() {
        WebSocketHandler streaming = WebSocketHandler.each(
                message -> TextMessage.streamed(new ChunksOf("streamed ", message.text())));
        UnaryOperator<ConnectOptions> streamed = o -> o.webSocket(w -> w.messages(MessagePolicy.streamed()));
        try (HawserTest one = HawserTest.of(streaming);
                WebSocket first = one.client().connect(one.uri("/"), streamed)) {
            first.send("one");
            Message unread = first.receive();
            try (HawserTest other = HawserTest.of(streaming);
                    WebSocket second = other.client().connect(other.uri("/"), streamed)) {
                second.send("two");
                assertThat(second.receive().text()).isEqualTo("streamed two");
                assertThat(unread.text()).isEqualTo("streamed one");
                first.send("three");
                unread = first.receive();
            }
            assertThat(unread.text()).isEqualTo("streamed three");
            assertThat(one.elapsed()).isZero();
        }
    }

    /** Two chunks, each when it is asked for. */
    private record ChunksOf(String first, String second) implements Flow.Publisher<String> {
        @Override
        public void subscribe(Flow.Subscriber<? super String> subscriber) {
            subscriber.onSubscribe(new Flow.Subscription() {
                private final Iterator<String> left = List.of(first, second).iterator();

                @Override
                public void request(long n) {
                    for (long i = 0; i < n && left.hasNext(); i++) {
                        subscriber.onNext(left.next());
                        if (!left.hasNext()) {
                            subscriber.onComplete();
                        }
                    }
                }

                @Override
                public void cancel() {}
            });
        }
    }

    @Test
    void endsHandlersThatWaitElsewhere() {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> {
            socket.send("waiting");
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        }))) {
            assertThat(test.client().connect(test.uri("/"), o -> o).receive().text()).isEqualTo("waiting");
        }
        assertThat(interrupted).isCompletedWithValue(true);
    }

    @Test
    void tellsWhatHandlersThrew() {
        IllegalStateException thrown = new IllegalStateException("thrown on purpose");
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> {
            throw thrown;
        }))) {
            Probe probe = test.webSocket("/");
            assertThat(test.expectNoFailures().failures()).isEmpty();
            probe.send("Ahoy");
            assertThatThrownBy(test::expectNoFailures).isInstanceOf(AssertionError.class).hasMessageContaining("thrown on purpose").hasCause(thrown);
            assertThat(test.failures()).containsExactly(thrown);
        }
    }

    @Test
    void waitsForStagesAndForWhateverElse() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> {
            socket.receive(Duration.ofSeconds(2));
            socket.send("late");
        }))) {
            Connection client = test.connect("/", WebSocketHandler.each(message -> message));
            Closed how = test.await(client.closed());
            assertThat(how.status().code()).isEqualTo(1000);
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(2));
            test.await("its end", () -> client.closed().toCompletableFuture().isDone());
            assertThatThrownBy(() -> test.await(new CompletableFuture<>()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected the result of a stage\nbut that did not come within 3 s");
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void refusesToBlockTheLoopForAConnection() {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> {
            try {
                return TextMessage.of(HawserClient.shared().connect("ws://127.0.0.1:1/").receive().text());
            } catch (IllegalStateException e) {
                refused.complete(e);
                throw e;
            }
        }))) {
            test.webSocket("/").send("Ahoy").expectClosed(1011);
        }
        assertThat(refused.join()).hasMessageContaining("a blocking call on an event loop");
    }

    @Test
    void saysWhatHandlersWaitForWhereNothingComes() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> socket.receive()), o -> o.patience(Duration.ofMillis(500)))) {
            Probe probe = test.webSocket("/quiet");
            assertThatThrownBy(() -> probe.expectText("Ahoy"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("but nothing came within 3 s\n  hawser-direct /quiet (")
                    .hasMessageContaining(") waits, io.hawser.testkit.HawserTestTest.");
        }
    }

    @Test
    void goesOnOnAnotherThread() {
        try (HawserTest test = HawserTest.of(EchoFace.DIRECT.handler())) {
            String heard = CompletableFuture.supplyAsync(() -> {
                        try (WebSocket socket = test.client().connect(test.uri("/"), o -> o)) {
                            socket.send("elsewhere");
                            return socket.receive().text();
                        }
                    })
                    .join();
            assertThat(heard).isEqualTo("elsewhere");
        }
    }

    @Test
    void endsWhatIsOpenWhenItIsClosed() {
        WebSocket socket;
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(peer -> {
            try {
                peer.receive();
            } catch (WebSocketClosedException e) {
                seen.complete(e);
            }
        }))) {
            socket = test.client().connect(test.uri("/"), o -> o);
        }
        assertThat(seen).isCompleted();
        assertThatThrownBy(() -> socket.send("too late")).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void leavesItsThreadAloneWhereItCannotStart() {
        assertThatThrownBy(() -> HawserTest.of(EchoFace.DIRECT.handler(), o -> o.server(s -> s.tls(t -> t))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Surroundings.current()).isSameAs(Surroundings.ofSystem());
    }
}
