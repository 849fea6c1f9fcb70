// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.binary;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.pong;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Connection;
import io.hawser.KeepAlive;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Time, flushes, other threads and failing handlers: what a connection does whatever its face. */
@ExtendWith(EndOfTalks.class)
class LiveConnectionTest {
    private Connection channel;

    /** A handler that echoes data and lets the test use the connection. */
    private WebSocketHandler handler() {
        return WebSocketHandler.frames(opened -> {
            channel = opened;
            return frame -> {
                if (!frame.opcode().isControl()) {
                    opened.send(frame);
                }
            };
        });
    }

    @Test
    void closesWith1011AndSaysSoWhereItsOwnCodeFails() {
        Conversation talk = Conversation.with(handler());
        LogLines log = new LogLines();
        byte[] hello = text("hello");
        talk.says(Arrays.copyOf(hello, hello.length - 2));
        talk.wire.fail(new OutOfMemoryError("no room for a payload"));
        talk.hearsClose(1011).says(new byte[] {1, 2}, hello).hearsEnd();
        assertThat(talk.closed().status().code()).isEqualTo(1011);
        String peer = talk.wire.remoteAddress().toString();
        assertThat(log.with("ERROR", "/talk", peer, "closing with 1011")).hasSize(1);
        assertThat(log.with("java.lang.OutOfMemoryError: no room for a payload")).isNotEmpty();
    }

    // ---- time

    @ParameterizedTest
    @EnumSource
    @Tag("K3")
    @Tag("hostile-37")
    @Tag("hostile-57")
    void cutsAPeerThatDoesNotAnswerAPing(EchoFace face) {
        Conversation talk = face.open().passes(Duration.ofMillis(19_999)).hearsNothing();
        talk.passes(Duration.ofMillis(1));
        assertThat(talk.next().opcode()).isEqualTo(ClientFrames.PING);
        talk.passes(Duration.ofMillis(19_999));
        assertThat(talk.isClosed()).isFalse();
        talk.passes(Duration.ofMillis(1));
        assertThat(talk.closed().status().code()).isEqualTo(1006);
        talk.isOver();
    }

    @Test
    @Tag("K3")
    void takesAnyByteForASignOfLife() {
        Conversation talk = Conversation.with(handler()).passes(Duration.ofSeconds(20));
        byte[] payload = talk.next().bytes();
        talk.passes(Duration.ofSeconds(19)).says(new byte[] {(byte) 0x81}).passes(Duration.ofSeconds(19));
        assertThat(talk.isClosed()).isFalse();
        talk.hearsNothing();
        assertThat(payload).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("K3")
    @Tag("hostile-37")
    void keepsAPeerThatAnswersOrSaysAnything(boolean answers) {
        Conversation talk = Conversation.with(handler());
        for (int i = 0; i < 5; i++) {
            ServerFrame ping = talk.passes(Duration.ofSeconds(20)).next();
            assertThat(ping.opcode()).as(ping::toString).isEqualTo(ClientFrames.PING);
            talk.passes(Duration.ofMillis(19_999)).says(pong(answers ? ping.bytes() : new byte[0]));
        }
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
        assertThat(talk.closed().clean()).isTrue();
    }

    @Test
    @Tag("K3")
    void hidesThePongsOfItsOwnPings() {
        List<String> seen = new ArrayList<>();
        Conversation talk = Conversation.with(
                WebSocketHandler.frames(opened -> frame -> seen.add(frame.opcode().toString())),
                o -> o.keepAlive(new KeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(2))));
        for (int i = 0; i < 5; i++) {
            talk.passes(Duration.ofSeconds(1)).says(pong(talk.next().bytes()));
        }
        talk.passes(Duration.ofMillis(999)).hearsNothing();
        assertThat(seen).isEmpty();
        assertThat(talk.isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("K5")
    void closesAnIdleConnectionWhereKeepAliveIsOff(EchoFace face) {
        Conversation talk = Conversation.with(face.handler(), o -> o.keepAlive(KeepAlive.off()));
        talk.passes(Duration.ofSeconds(59)).says(text("a")).hears("a");
        talk.passes(Duration.ofMillis(59_999)).hearsNothing();
        talk.passes(Duration.ofMillis(1)).hearsClose(1001).says(close(1001, "")).hearsEnd();
        assertThat(talk.closed().clean()).isTrue();
    }

    @Test
    @Tag("K5")
    void staysOpenForEverIfToldTo() {
        Conversation talk =
                Conversation.with(handler(), o -> o.keepAlive(KeepAlive.off()).idleTimeout(Duration.ZERO));
        assertThat(talk.loop.hasTimers()).isFalse();
        talk.passes(Duration.ofDays(365)).says(text("a")).hears("a");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-31")
    void closesOnAMessageThatDoesNotGoOn(EchoFace face) {
        Conversation talk = face.open().says(frame(TEXT, utf8("begun")));
        for (int i = 0; i < 3; i++) {
            talk.passes(Duration.ofSeconds(19)).says(frame(0, utf8("and on")));
        }
        talk.passes(Duration.ofSeconds(20));
        assertThat(talk.next().opcode()).isEqualTo(ClientFrames.PING);
        talk.says(ping("alive, but not going on")).hears(ServerFrame.pong("alive, but not going on"));
        talk.passes(Duration.ofMillis(9_999)).hearsNothing();
        talk.passes(Duration.ofMillis(1)).hearsClose(1008).hearsEnd();
    }

    @Test
    @Tag("hostile-41")
    void measuresTheCloseDeadlineFromTheMomentTheCloseHasLeft() {
        Conversation talk = Conversation.opening(handler());
        talk.wire.acceptNothing();
        talk.does(() -> talk.connection().close(CloseStatus.of(1000)));
        talk.passes(Duration.ofSeconds(10));
        assertThat(talk.isClosed()).isFalse();
        talk.wire.acceptAll();
        talk.hears(ServerFrame.close(1000)).passes(Duration.ofMillis(2999));
        assertThat(talk.isClosed()).isFalse();
        talk.passes(Duration.ofMillis(1)).isOver();
    }

    // ---- flushes

    @ParameterizedTest
    @ValueSource(strings = {"EACH", "STREAMS", "FRAMES"})
    void answersAllMessagesOfOneReadInOneFlush(EchoFace face) {
        Conversation talk = face.open();
        byte[][] frames = new byte[1000][];
        Arrays.fill(frames, text("twenty bytes of text"));
        talk.says(frames);
        assertThat(talk.wire.flushes()).isEqualTo(1);
    }

    @Test
    void flushesOnceForWhatOtherThreadsSent() throws InterruptedException {
        Conversation talk = Conversation.with(handler());
        int wakeUps = talk.wire.wakeUps();
        Thread sender = Thread.ofPlatform()
                .start(() -> IntStream.range(0, 1000).forEach(i -> channel.sendAsync(TextMessage.of("message " + i))));
        sender.join();
        assertThat(talk.wire.wakeUps() - wakeUps).isEqualTo(1);
        talk.loop.run();
        assertThat(talk.wire.flushes()).isEqualTo(1);
        IntStream.range(0, 1000).forEach(i -> talk.hears("message " + i));
    }

    @Test
    void flushesOnceForASourceOnAnotherThread() throws InterruptedException {
        Hand hand = new Hand();
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> hand));
        int flushes = talk.wire.flushes();
        Thread sender = Thread.ofPlatform().start(() -> IntStream.range(0, 100).forEach(i -> hand.give("m" + i)));
        sender.join();
        talk.loop.run();
        assertThat(talk.wire.flushes() - flushes).isEqualTo(1);
        IntStream.range(0, 100).forEach(i -> talk.hears("m" + i));
    }

    // ---- other threads

    @Test
    void keepsTheOrderOfEachSenderAndNeverInterleaves() throws InterruptedException {
        Conversation talk = Conversation.with(handler());
        List<Thread> senders = IntStream.range(0, 4)
                .mapToObj(thread -> Thread.ofPlatform().start(() -> IntStream.range(0, 300).forEach(i ->
                        channel.sendAsync(TextMessage.of(thread + ":" + i + ":" + "x".repeat(i * 7 % 400))))))
                .toList();
        int[] next = new int[4];
        for (int i = 0; i < 1200; i++) {
            String[] parts = new String(talk.next().bytes(), StandardCharsets.UTF_8).split(":", -1);
            int number = next[Integer.parseInt(parts[0])]++;
            assertThat(parts[1]).isEqualTo(String.valueOf(number));
            assertThat(parts[2]).isEqualTo("x".repeat(number * 7 % 400));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        talk.hearsNothing();
    }

    @Test
    @Tag("hostile-42")
    void tellsEachResultOnceThoughTheCloseRaces() throws InterruptedException {
        for (int round = 0; round < 100; round++) {
            Conversation talk = Conversation.with(handler());
            AtomicInteger sent = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            List<Thread> senders = IntStream.range(0, 2)
                    .mapToObj(thread -> Thread.ofVirtual().start(() -> IntStream.range(0, 50).forEach(i ->
                            channel.sendAsync(TextMessage.of("m")).whenComplete((done, failure) -> {
                                if (failure == null) {
                                    sent.incrementAndGet();
                                } else {
                                    assertThat(failure).isInstanceOf(WebSocketClosedException.class);
                                    refused.incrementAndGet();
                                }
                            }))))
                    .toList();
            if (round % 2 == 0) {
                talk.says(close(1000, ""));
            } else {
                talk.resets();
            }
            for (Thread sender : senders) {
                sender.join();
            }
            talk.loop.run();
            assertThat(sent.get() + refused.get()).isEqualTo(100);
            ServerFrame[] heard = new ServerFrame[sent.get()];
            Arrays.setAll(heard, i -> talk.next());
            assertThat(heard).allMatch(frame -> frame.opcode() == TEXT);
        }
    }

    @Test
    void tellsASendWhenTheTransportHasTakenItsLastByte() {
        Conversation talk = Conversation.with(handler());
        talk.wire.acceptNothing();
        var first = channel.sendAsync(TextMessage.of("abc")).toCompletableFuture();
        talk.loop.run();
        var second = channel.sendAsync(TextMessage.of("d")).toCompletableFuture();
        talk.loop.run();
        talk.wire.accept(4);
        assertThat(first).isNotDone();
        talk.wire.accept(1);
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        talk.resets();
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    @Tag("L2")
    void triesToSendUpToTheMarkOnly() {
        Conversation talk = Conversation.with(handler(), o -> o.waterMarks(1000, 500));
        talk.wire.acceptNothing();
        int taken = 0;
        while (channel.trySend(TextMessage.of("x".repeat(98)))) {
            taken++;
        }
        assertThat(taken).isEqualTo(11);
        talk.wire.acceptAll();
        talk.loop.run();
        assertThat(channel.trySend(TextMessage.of("again"))).isTrue();
        talk.does(() -> channel.closeAsync(CloseStatus.of(1000)));
        assertThat(channel.trySend(TextMessage.of("late"))).isFalse();
    }

    @Test
    @Tag("L2")
    void countsWhatIsPostedAgainstTheMark() throws InterruptedException {
        Conversation talk = Conversation.with(handler());
        AtomicInteger taken = new AtomicInteger();
        Thread sender = Thread.ofPlatform().start(() -> {
            while (channel.trySend(TextMessage.of("x".repeat(1000)))) {
                taken.incrementAndGet();
            }
        });
        sender.join();
        assertThat(taken.get()).as("65,536 bytes, and one message above").isEqualTo(66);
        talk.loop.run();
        assertThat(channel.trySend(TextMessage.of("again"))).isTrue();
    }

    @Test
    @Tag("K2")
    void failsAPingThatIsNeverAnswered() {
        Conversation talk = Conversation.with(handler());
        var roundTrip = channel.pingAsync().toCompletableFuture();
        talk.next();
        talk.says(close(1000, ""));
        assertThat(roundTrip).isCompletedExceptionally();
        var late = channel.pingAsync().toCompletableFuture();
        talk.loop.run();
        assertThat(late).isCompletedExceptionally();
    }

    @Test
    void goesOnWithoutALoop() {
        Conversation talk = Conversation.with(handler());
        talk.does(channel::abort);
        talk.isOver();
        talk.does(channel::abort);
        talk.does(() -> channel.closeAsync(CloseStatus.of(1000)));
        var late = channel.sendAsync(TextMessage.of("late")).toCompletableFuture();
        talk.loop.run();
        assertThat(late).isCompletedExceptionally();
    }

    // ---- handlers that fail

    @Test
    @Tag("C5")
    @Tag("hostile-58")
    void logsAFailureAndTellsThePeerNothingOfIt() throws IOException {
        String secret = "secret " + System.nanoTime();
        Conversation.with(WebSocketHandler.each(message -> {
                    throw new IllegalStateException(secret);
                }))
                .says(text("a"))
                .hears(ServerFrame.close(1011))
                .hearsEnd();
        String log = Files.readString(Path.of(System.getProperty("basedir", "."), "target", "test.log"));
        assertThat(log).contains(secret).contains("handler of GET /talk from peer.example");
    }

    @Test
    @Tag("C5")
    void closesWith1003WhenAHandlerMeetsTheOtherKind() {
        Conversation.with(WebSocketHandler.each(message -> TextMessage.of(message.text())))
                .says(binary(new byte[3]))
                .hears(ServerFrame.close(1003))
                .hearsEnd();
        Body body = new Body((socket, self) -> socket.receive().text());
        Conversation talk = Conversation.with(WebSocketHandler.direct(body)).says(binary(new byte[3]));
        talk.hears(ServerFrame.close(1003)).hearsEnd();
        assertThat(body.ended(talk)).isNotNull();
    }

    @Test
    @Tag("hostile-60")
    void takesAnErrorAsAnyFailure() {
        Conversation.with(WebSocketHandler.each(message -> {
                    throw new AssertionError("on purpose");
                }))
                .says(text("a"))
                .hears(ServerFrame.close(1011))
                .hearsEnd();
        Body body = new Body((socket, self) -> {
            throw new StackOverflowError("on purpose");
        });
        Conversation.with(WebSocketHandler.direct(body)).hears(ServerFrame.close(1011)).hearsEnd();
        Conversation.with(WebSocketHandler.each(message -> null)).says(text("a")).hears(ServerFrame.close(1011));
    }

    @Test
    @Tag("hostile-58")
    void survivesOneWhoFailsToHearOfTheEnd() {
        Probe probe = new Probe();
        probe.onEnd(() -> {
            throw new AssertionError("on purpose");
        });
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> {
            in.subscribe(probe);
            return new Hand();
        }));
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd().hangsUp().isOver();
        assertThat(talk.closed().clean()).isTrue();
    }

    @Test
    @Tag("L1")
    void keepsToTheHandlersOwnLimits() {
        WebSocketHandler small = WebSocketHandler.each(message -> message)
                .with(o -> o.messages(MessagePolicy.strict(3)))
                .with(o -> o.maxFragments(1));
        Conversation.with(small).says(text("abc")).hears("abc").says(text("abcd")).hearsClose(1009);
        Conversation.with(small).says(frame(TEXT, utf8("a")), frame(FIN, utf8("b"))).hearsClose(1008);
        Conversation.with(small.with(o -> o.maxFrameBytes(2))).says(text("abc")).hearsClose(1009);
        Conversation.with(small.with(o -> o.maxControlFramesPerSecond(1)))
                .says(ping("1"), ping("2"))
                .hears(ServerFrame.pong("1"))
                .hearsClose(1008);
    }
}
