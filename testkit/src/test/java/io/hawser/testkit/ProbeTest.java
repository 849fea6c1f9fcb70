// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.KeepAlive;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that a test plays, against applications that answer, fail, compute and wait. */
@Tag("X2")
class ProbeTest {
    private static final WebSocketHandler ECHO = WebSocketHandler.each(message -> message);

    private static HawserTest echo() {
        return HawserTest.of(ECHO);
    }

    @Test
    void sendsAndExpectsTextAndBytes() {
        try (HawserTest test = echo()) {
            test.webSocket("/")
                    .send("Ahoy")
                    .send(new byte[] {1, 2})
                    .send(TextMessage.of("there"))
                    .expectText("Ahoy")
                    .expectBytes(new byte[] {1, 2})
                    .expectMessage(TextMessage.of("there"))
                    .expectNoMessage();
            assertThat(test.elapsed()).isZero();
        }
    }

    @Test
    void returnsWhatCame() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("one").send(new byte[] {2}).send("three").send("four");
            assertThat(probe.expectText()).isEqualTo("one");
            assertThat(probe.expectBytes()).containsExactly(2);
            assertThat(probe.expectMessage()).isEqualTo(TextMessage.of("three"));
            assertThat(probe.expectMessage(message -> message.text().length() == 4, "four letters").text()).isEqualTo("four");
        }
    }

    // ---- skipping

    @Test
    void skipsToTheMessageThatFits() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/room?of=ann").send("one").send(new byte[] {2}).send("three").send("four").send("five");
            assertThat(probe.skipTo(message -> message.equals(TextMessage.of("three")), "the third").text()).isEqualTo("three");
            probe.skipToText("five").expectNoMessage();
            assertThat(test.elapsed()).isZero();
            assertThat(probe).hasToString("probe of GET /room?of=ann");
        }
    }

    @Test
    void skipsTheRestOfAMessage() {
        try (HawserTest test = answering(TextMessage.streamed(new Chunks<>(3, true, i -> "<" + i + ">")))) {
            Probe probe = test.webSocket("/").send("go").send("again");
            assertThat(probe.expectTextChunk()).isEqualTo("<0>");
            probe.skipToText("<0><1><2>").expectNoMessage();
        }
    }

    @Test
    void showsWhatItHasSkipped() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("one").send("2".repeat(300));
            assertThatThrownBy(() -> probe.skipToText("three")).isInstanceOf(AssertionError.class).hasMessageStartingWith("""
                    expected the text "three"
                    but nothing that fits came within 3 s
                    skipped 2 messages:
                      the text "one"
                      the text "%s…", 300 characters
                    """.formatted("2".repeat(200)));
            probe.send("one").close(4001, "");
            assertThatThrownBy(() -> probe.skipToText("three"))
                    .hasMessageContaining("but the connection was closed: ").hasMessageContaining("\nskipped 1 message:\n  the text \"one\"\n");
        }
    }

    @Test
    void doesNotSkipForEver() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> {
            for (int second = 0; socket.receive(Duration.ofSeconds(1)).isEmpty(); second++) {
                socket.send("tick " + second);
            }
        }))) {
            Probe probe = test.webSocket("/").within(Duration.ofSeconds(20));
            assertThatThrownBy(() -> probe.skipToText("tock")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("messages, the last 10 of them:\n  the text \"tick ");
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(20));
        }
    }

    @Test
    void closesWhenItsOutputCompletes() {
        try (HawserTest test = echo()) {
            test.webSocket("/").send("last").complete().expectText("last").expectCompletion().expectClosed(1000);
        }
    }

    @Test
    void closesWithACode() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("first").close(4001, "enough").expectText("first");
            assertThat(probe.expectClosed().status()).isEqualTo(CloseStatus.of(4001, "enough"));
            probe.expectCompletion();
        }
    }

    @Test
    void failsWithInternalError() {
        try (HawserTest test = echo()) {
            test.webSocket("/").fail(new IllegalStateException("no more")).expectClosed(1011);
        }
    }

    @Test
    void cutsTheConnectionOff() {
        try (HawserTest test = echo()) {
            test.webSocket("/").abort().expectClosed(1006);
        }
    }

    @Test
    void seesHowTheServerFails() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> {
            throw new IllegalStateException("boom");
        }))) {
            Probe probe = test.webSocket("/").send("x");
            WebSocketClosedException failure = probe.expectFailure(WebSocketClosedException.class);
            assertThat(failure.closed().status().code()).isEqualTo(1011);
            probe.expectClosed(1011);
        }
    }

    // ---- streamed messages

    private static HawserTest answering(Message answer) {
        return HawserTest.of(WebSocketHandler.each(message -> answer), o -> o.maxChunks(3));
    }

    @Test
    void collectsStreamedMessages() {
        try (HawserTest test = answering(TextMessage.streamed(new Chunks<>(3, true, i -> "<" + i + ">")))) {
            test.webSocket("/").send("go").expectText("<0><1><2>").expectNoMessage();
        }
    }

    @Test
    void sendsStreamedMessages() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/");
            probe.send(BinaryMessage.streamed(new Chunks<>(3, true, i -> ByteBuffer.wrap(new byte[] {(byte) i})))).expectBytes(new byte[] {0, 1, 2});
            assertThat(probe.frames().lines()).hasSize(5);
        }
    }

    @Test
    void boundsTheChunksOfAMessage() {
        try (HawserTest test = answering(TextMessage.streamed(new Chunks<>(Long.MAX_VALUE, true, i -> "<" + i + ">")))) {
            Probe probe = test.webSocket("/").send("go");
            assertThatThrownBy(probe::expectMessage).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a streamed message came that has more than 3 chunks; take it by chunks, or change TestOptions.maxChunks");
        }
    }

    @Test
    void boundsTheTimeOfAMessage() {
        try (HawserTest test = answering(TextMessage.streamed(new Chunks<>(2, false, i -> "<" + i + ">")))) {
            Probe probe = test.webSocket("/").send("go");
            assertThatThrownBy(probe::expectMessage).isInstanceOf(AssertionError.class).hasMessageContaining(
                    "a streamed message that has not ended, of which 2 chunks came, the text \"<0><1>\", and no end within 5 s; take it by chunks");
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void readsAnEndlessMessageChunkByChunk() {
        try (HawserTest test = answering(TextMessage.streamed(new Chunks<>(Long.MAX_VALUE, true, i -> "<" + i + ">")))) {
            Probe probe = test.webSocket("/").send("go");
            for (int i = 0; i < 100; i++) {
                assertThat(probe.expectTextChunk()).isEqualTo("<" + i + ">");
            }
        }
    }

    @Test
    void readsTheRestBehindItsChunks() {
        try (HawserTest test = answering(BinaryMessage.streamed(new Chunks<>(3, true, i -> ByteBuffer.wrap(new byte[] {(byte) i}))))) {
            Probe probe = test.webSocket("/").send("go").send("again");
            assertThat(probe.expectBytesChunk()).containsExactly(0);
            probe.expectBytes(new byte[] {1, 2});
            assertThat(probe.expectBytesChunk()).containsExactly(0);
            assertThat(probe.expectBytesChunk()).containsExactly(1);
            assertThat(probe.expectBytesChunk()).containsExactly(2);
            probe.expectEndOfMessage().expectNoMessage();
        }
    }

    @Test
    void receivesWholeMessagesIfTheTestSaysSo() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/", o -> o.webSocket(w -> w.messages(MessagePolicy.strict(3))));
            probe.send("abc").expectText("abc").send("abcd").expectClosed(1009);
        }
    }

    // ---- pings and pongs

    @Test
    void pings() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/");
            assertThat(probe.ping()).isZero();
            assertThat(probe.expectPong().payload().remaining()).isPositive();
            probe.expectNoMessage();
        }
    }

    @Test
    void expectsThePingsOfKeepAlive() {
        try (HawserTest test = HawserTest.of(ECHO.with(o -> o.keepAlive(KeepAlive.after(Duration.ofSeconds(20)))))) {
            Probe probe = test.webSocket("/").within(Duration.ofSeconds(20));
            probe.expectPing();
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(20));
            probe.expectPing();
            probe.expectNoMessage(Duration.ofMinutes(10)).send("still here").expectText("still here");
        }
    }

    // ---- nothing

    @Test
    void waitsForAHandlerThatComputes() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> {
            socket.receive();
            compute(Duration.ofMillis(30));
            socket.send("computed");
            socket.receive();
        }))) {
            Probe probe = test.webSocket("/").send("go");
            assertThatThrownBy(probe::expectNoMessage).isInstanceOf(AssertionError.class).hasMessageContaining("but the text \"computed\" came");
            assertThat(test.elapsed()).isZero();
            probe.expectText("computed");
        }
    }

    private static void compute(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void waitsForAHandlerThatWaitsOutside() throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch opened = new CountDownLatch(1);
        Thread opener = Thread.ofPlatform().start(() -> {
            await(waits);
            compute(Duration.ofMillis(30)); // so that the handler's thread is seen to wait
            opened.countDown();
        });
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> {
            socket.receive();
            waits.countDown();
            await(opened);
            socket.send("opened");
            socket.receive();
        }))) {
            Probe probe = test.webSocket("/").send("go");
            assertThatThrownBy(() -> probe.expectNoMessage(Duration.ZERO)).hasMessageContaining("but the text \"opened\" came");
            assertThat(test.elapsed()).isZero();
        }
        opener.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void dropsMessagesThatDoNotMatter() {
        try (HawserTest test = echo()) {
            test.webSocket("/").send("one").send("two").dropMessages().expectNoMessage().send("three").expectText("three");
        }
    }

    @Test
    void refusesCodesThatAreNeverSent() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/");
            assertThatThrownBy(() -> probe.close(1006, "")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1006");
            assertThatThrownBy(() -> probe.within(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT-1S");
            assertThatThrownBy(() -> probe.expectNoMessage(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> test.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
            probe.complete();
            assertThatThrownBy(() -> probe.send("late")).isInstanceOf(IllegalStateException.class).hasMessageContaining("ended already");
        }
    }

    @Test
    @Tag("X2")
    void refusesToSendBehindItsClose() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> message))) {
            Probe probe = test.webSocket("/").close(4001, "done");
            assertThatThrownBy(() -> probe.send("too late")).isInstanceOf(IllegalStateException.class).hasMessageContaining("close()");
            probe.expectClosed(4001);
            Probe aborted = test.webSocket("/").abort();
            assertThatThrownBy(() -> aborted.send("too late")).isInstanceOf(IllegalStateException.class).hasMessageContaining("abort()");
        }
    }
}
