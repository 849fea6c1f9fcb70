// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.BINARY;
import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.KeepAlive;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.MessageStream;
import io.hawser.MessageTooLargeException;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Incoming messages that are streamed, or may be. */
@ExtendWith(EndOfTalks.class)
class StreamedMessagesTest {
    private final List<Message> received = new ArrayList<>();
    private Flow.Subscription demand;
    private MessageStream stream;
    private Conversation opened;

    private Conversation open(MessagePolicy policy, long wanted) {
        return open(o -> o.messages(policy), wanted);
    }

    /** A handler that keeps what comes, and says nothing. */
    private Conversation open(UnaryOperator<WebSocketOptions> options, long wanted) {
        opened = Conversation.with(
                WebSocketHandler.streams(in -> {
                    stream = in;
                    in.subscribe(new Flow.Subscriber<>() {
                        @Override
                        public void onSubscribe(Flow.Subscription subscription) {
                            demand = subscription;
                            if (wanted > 0) {
                                subscription.request(wanted);
                            }
                        }

                        @Override
                        public void onNext(Message message) {
                            received.add(message);
                        }

                        @Override
                        public void onError(Throwable failure) {}

                        @Override
                        public void onComplete() {}
                    });
                    return in.receiveOnly();
                }),
                options);
        return opened;
    }

    private ChunkProbe<String> read(int index, long wanted) {
        ChunkProbe<String> probe = new ChunkProbe<>();
        opened.does(() -> {
            ((TextMessage) received.get(index)).chunks().subscribe(probe);
            if (wanted > 0) {
                probe.request(wanted);
            }
        });
        return probe;
    }

    private ChunkProbe<ByteBuffer> readBinary(int index, long wanted) {
        ChunkProbe<ByteBuffer> probe = new ChunkProbe<>();
        opened.does(() -> {
            ((BinaryMessage) received.get(index)).chunks().subscribe(probe);
            probe.request(wanted);
        });
        return probe;
    }

    @Test
    @Tag("M1")
    @Tag("M2")
    @Tag("M4")
    void deliversAMessageAsItBegins() {
        Conversation talk = open(MessagePolicy.streamed(), 1).says(frame(TEXT, utf8("He")));
        assertThat(received).hasSize(1).first().isInstanceOf(TextMessage.Streamed.class);
        ChunkProbe<String> probe = read(0, 10);
        assertThat(probe.joined()).isEqualTo("He");
        assertThat(probe.isComplete()).isFalse();
        talk.says(frame(CONTINUATION, utf8("llo"))).says(frame(FIN | CONTINUATION, new byte[0]));
        assertThat(probe.joined()).isEqualTo("Hello");
        assertThat(probe.isComplete()).isTrue();
    }

    @Test
    @Tag("M7")
    @Tag("M8")
    void readsAsMuchAsIsAskedForAndOneMessageAtATime() {
        Conversation talk = open(MessagePolicy.streamed(), 5)
                .says(frame(BINARY, utf8("ab")), frame(FIN | CONTINUATION, utf8("cd")), text("next"));
        assertThat(received).hasSize(1);
        assertThat(talk.wire.isHolding()).isTrue();
        ChunkProbe<ByteBuffer> probe = readBinary(0, 1);
        assertThat(probe.joined()).isEqualTo("ab");
        assertThat(received).hasSize(1);
        talk.does(() -> probe.request(1));
        assertThat(probe.joined()).isEqualTo("abcd");
        assertThat(probe.isComplete()).isTrue();
        assertThat(received).hasSize(2);
        assertThat(read(1, 1).joined()).isEqualTo("next");
        assertThat(talk.wire.isHolding()).isFalse();
    }

    @Test
    @Tag("M8")
    void holdsAMessageBackThatNobodyAskedFor() {
        Conversation talk = open(MessagePolicy.streamed(), 0).says(text("a"));
        assertThat(received).isEmpty();
        assertThat(talk.wire.isHolding()).isTrue();
        talk.does(() -> demand.request(1));
        assertThat(read(0, 1).joined()).isEqualTo("a");
    }

    @Test
    @Tag("hostile-24")
    void deliversEmptyMessagesOneForEachRequest() {
        Conversation talk = open(MessagePolicy.streamed(), 0).says(text(""), text(""), text(""));
        assertThat(received).isEmpty();
        talk.does(() -> demand.request(1));
        assertThat(received).hasSize(1);
        assertThat(read(0, 0).isComplete()).isTrue();
        talk.does(() -> demand.request(2));
        assertThat(received).hasSize(3);
    }

    @Test
    @Tag("M5")
    void decodesCodePointsThatAreCut() {
        String text = "a\u00e9\u20ac\ud83d\ude00z";
        byte[] bytes = frame(FIN | TEXT, utf8(text));
        Conversation talk = open(MessagePolicy.streamed(), 1);
        ChunkProbe<String> probe = null;
        for (byte b : bytes) {
            talk.says(new byte[] {b});
            if (probe == null && !received.isEmpty()) {
                probe = read(0, Long.MAX_VALUE);
            }
        }
        assertThat(probe.joined()).isEqualTo(text);
        assertThat(probe.chunks()).doesNotContain("");
        assertThat(probe.isComplete()).isTrue();
    }

    @Test
    void dropsTheRestOfAMessageThatIsCancelledOrDiscarded() {
        Conversation talk = open(MessagePolicy.streamed(), 5)
                .says(frame(TEXT, utf8("a")), frame(FIN | CONTINUATION, utf8("b")), frame(TEXT, utf8("c")));
        ChunkProbe<String> probe = read(0, 1);
        talk.does(probe::cancel);
        assertThat(received).hasSize(2);
        talk.does(() -> received.get(1).discard());
        talk.says(frame(FIN | CONTINUATION, utf8("d")), text("e"));
        assertThat(probe.joined()).isEqualTo("a");
        assertThat(read(2, 1).joined()).isEqualTo("e");
    }

    @Test
    @Tag("M7")
    void findsOutAMessageThatNobodyReads() {
        Conversation talk = open(MessagePolicy.streamed(), 1).says(text("a"));
        LogLines log = new LogLines();
        String peer = talk.wire.remoteAddress().toString();
        talk.passes(Duration.ofNanos(9_999_999_999L));
        assertThat(log.with("WARN", peer)).isEmpty();
        talk.passes(Duration.ofNanos(1));
        assertThat(log.with("WARN", "/talk", peer, "nobody reads a streamed message", "discard() it"))
                .hasSize(1);
        talk.passes(Duration.ofSeconds(19)).hearsNothing();
        talk.passes(Duration.ofSeconds(1)).hearsClose(1008);
    }

    @Test
    @Tag("M7")
    @Tag("hostile-31")
    void leavesAMessageAloneThatIsReadSlowly() {
        Conversation talk = open(o -> o.messages(MessagePolicy.streamed()).drainTimeout(Duration.ofSeconds(3)), 2);
        talk.says(frame(TEXT, utf8("a")));
        read(0, 1);
        talk.passes(Duration.ofSeconds(10)).hearsNothing();
    }

    @Test
    @Tag("C3")
    void failsAMessageThatACloseCutsOff() {
        Conversation talk = open(MessagePolicy.streamed(), 1).says(frame(TEXT, utf8("a")));
        ChunkProbe<String> probe = read(0, 10);
        talk.says(close(1000, ""));
        assertThat(probe.failure()).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    @Tag("M3")
    void becomesStrict() throws Exception {
        Conversation talk = open(MessagePolicy.streamed(), 2).says(frame(TEXT, utf8("a")));
        CompletableFuture<? extends Message> whole =
                received.get(0).toStrict(3, Duration.ofSeconds(60)).toCompletableFuture();
        talk.loop.run();
        assertThat(whole).isNotDone();
        talk.says(frame(CONTINUATION, utf8("b")), frame(FIN | CONTINUATION, utf8("c")), text("four"));
        assertThat(whole.get()).isEqualTo(TextMessage.of("abc"));
        CompletableFuture<? extends Message> tooLong =
                received.get(1).toStrict(3, Duration.ofSeconds(60)).toCompletableFuture();
        talk.loop.run();
        assertThat(tooLong).isCompletedExceptionally();
        assertThatThrownBy(tooLong::get).hasCauseInstanceOf(MessageTooLargeException.class);
        talk.says(text("more"));
        talk.does(() -> demand.request(1));
        assertThat(received).hasSize(3);
    }

    @Test
    @Tag("M3")
    void givesUpWhatIsNotWholeInTimeAndGoesOnWithTheNextMessage() {
        Conversation talk = open(o -> o.messages(MessagePolicy.streamed()).keepAlive(KeepAlive.off()).idleTimeout(Duration.ZERO), 5)
                .says(frame(TEXT, utf8("a")));
        CompletableFuture<? extends Message> whole =
                received.get(0).toStrict(100, Duration.ofSeconds(60)).toCompletableFuture();
        talk.passes(Duration.ofMillis(59_999));
        assertThat(whole).isNotDone();
        talk.passes(Duration.ofMillis(1));
        assertThat(whole).isCompletedExceptionally();
        assertThatThrownBy(whole::get).hasCauseInstanceOf(TimeoutException.class);
        talk.says(frame(CONTINUATION, utf8("b")), frame(FIN | CONTINUATION, utf8("c")), text("next"));
        talk.awaits("the next message", () -> received.size() == 2);
        assertThat(read(1, 1).joined()).isEqualTo("next");
    }

    @Test
    void refusesToWaitOnTheLoop() {
        List<Throwable> thrown = new ArrayList<>();
        Conversation.with(
                        WebSocketHandler.each(message -> {
                            try {
                                return TextMessage.of(message.text());
                            } catch (IllegalStateException e) {
                                thrown.add(e);
                                return TextMessage.of("refused");
                            }
                        }),
                        o -> o.messages(MessagePolicy.streamed()))
                .says(text("a"))
                .hears("refused");
        assertThat(thrown).hasSize(1);
    }

    @Test
    void takesOneSubscriber() {
        open(MessagePolicy.streamed(), 1).says(text("a"));
        read(0, 1);
        assertThat(read(0, 1).failure()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("L1")
    void refusesAMessageOverItsLimit() {
        Conversation talk = open(MessagePolicy.streamed(3), 1).says(frame(TEXT, utf8("ab")));
        ChunkProbe<String> probe = read(0, 10);
        talk.says(frame(CONTINUATION, utf8("cd"))).hearsClose(1009);
        assertThat(probe.joined()).isEqualTo("ab");
        assertThat(probe.failure()).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    @Tag("hostile-31")
    void givesUpAMessageThatMayBeShortAndStandsStill() {
        UnaryOperator<WebSocketOptions> silent = o -> o.messages(MessagePolicy.strictUpTo(10, 100))
                .keepAlive(KeepAlive.off())
                .idleTimeout(Duration.ZERO);
        Conversation talk = open(silent, 5).says(frame(TEXT, utf8("a")));
        talk.passes(Duration.ofSeconds(20)).says(frame(CONTINUATION, utf8("b")));
        talk.passes(Duration.ofSeconds(19)).says(frame(FIN | CONTINUATION, utf8("c")));
        assertThat(received).containsExactly(TextMessage.of("abc"));
        talk.says(frame(TEXT, utf8("a")));
        talk.passes(Duration.ofSeconds(60)).hears(ServerFrame.close(1008, "an unfinished message does not go on"));
    }

    @Test
    void tellsASubscriberOnItsWayThatTheMessageWasDiscarded() throws InterruptedException {
        Conversation talk = open(MessagePolicy.streamed(), 1).says(text("a"));
        ChunkProbe<String> probe = new ChunkProbe<>();
        Thread other = Thread.ofVirtual().start(() -> ((TextMessage) received.get(0)).chunks().subscribe(probe));
        other.join();
        received.get(0).discard();
        talk.loop.run();
        assertThat(probe.failure()).isInstanceOf(CancellationException.class);
    }

    @Test
    void giveOneSignalAtATimeToASubscriberThatAsksWithinOne() {
        Conversation talk = open(MessagePolicy.streamed(), 1)
                .says(frame(TEXT, utf8("a")), frame(CONTINUATION, utf8("b")), frame(FIN | CONTINUATION, utf8("c")));
        List<String> signals = new ArrayList<>();
        ((TextMessage) received.get(0)).chunks().subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription chunks;

            @Override
            public void onSubscribe(Flow.Subscription opened) {
                chunks = opened;
                chunks.request(1);
                signals.add("subscribed");
            }

            @Override
            public void onNext(String chunk) {
                chunks.request(1);
                signals.add(chunk);
            }

            @Override
            public void onError(Throwable failure) {
                signals.add("failed");
            }

            @Override
            public void onComplete() {
                signals.add("complete");
            }
        });
        talk.loop.run();
        assertThat(signals).containsExactly("subscribed", "a", "b", "c", "complete");
    }

    @Test
    void deliversOneMessageAtATimeToASubscriberThatAsksWithinOne() {
        List<String> signals = new ArrayList<>();
        Conversation talk = Conversation.with(
                WebSocketHandler.streams(in -> {
                    in.subscribe(new Flow.Subscriber<>() {
                        @Override
                        public void onSubscribe(Flow.Subscription subscription) {
                            demand = subscription;
                        }

                        @Override
                        public void onNext(Message message) {
                            received.add(message);
                            signals.add("begin");
                            message.discard();
                            demand.request(1);
                            signals.add("end");
                        }

                        @Override
                        public void onError(Throwable failure) {}

                        @Override
                        public void onComplete() {}
                    });
                    return in.receiveOnly();
                }),
                o -> o.messages(MessagePolicy.streamed()));
        talk.says(text("a"), text("b"));
        talk.does(() -> demand.request(1));
        talk.loop.run();
        assertThat(signals).containsExactly("begin", "end", "begin", "end");
    }

    @Test
    @Tag("M8")
    @Tag("C3")
    void deliversWhatCameBeforeACloseThoughItIsAskedForLater() {
        Conversation talk = open(MessagePolicy.strictUpTo(10, 100), 1).says(text("a"), text("b"), close(1000, ""));
        assertThat(received).containsExactly(TextMessage.of("a"));
        talk.does(() -> demand.request(1));
        talk.loop.run();
        assertThat(received).containsExactly(TextMessage.of("a"), TextMessage.of("b"));
        talk.does(() -> demand.request(1));
        talk.hearsClose(1000);
    }

    @Test
    @Tag("M8")
    void deliversAnEmptyMessageThatCameBeforeACloseThoughItIsAskedForLater() {
        Conversation talk = open(MessagePolicy.streamed(), 1).says(text("a"), text(""), close(1000, ""));
        read(0, 10);
        assertThat(received).hasSize(1);
        talk.does(() -> demand.request(1));
        assertThat(received).hasSize(2);
        talk.loop.run();
        assertThat(read(1, 1).isComplete()).isTrue();
    }

    @Test
    @Tag("hostile-31")
    void leavesAMessageAloneWhoseRestNobodyAsksFor() {
        UnaryOperator<WebSocketOptions> silent = o -> o.messages(MessagePolicy.strictUpTo(10, 100))
                .keepAlive(KeepAlive.off())
                .idleTimeout(Duration.ZERO);
        Conversation talk = open(silent, 1).says(text("a"), frame(TEXT, utf8("b")), frame(FIN | CONTINUATION, utf8("c")));
        talk.passes(Duration.ofSeconds(60)).hearsNothing();
        talk.does(() -> demand.request(1));
        assertThat(received).containsExactly(TextMessage.of("a"), TextMessage.of("bc"));
    }

    @Test
    @Tag("M2")
    void streamsAMessageOfUnknownLengthThatIsNoLongerShort() {
        Conversation talk = open(MessagePolicy.streamed(), 0);
        StreamedMessages intake = new StreamedMessages(3, talk.connection(), received::add);
        talk.does(() -> intake.request(2));
        for (String text : List.of("abc", "abcd")) {
            intake.onFrame(Opcode.TEXT, true, 0, -1);
            intake.onPayload(ByteBuffer.wrap(utf8(text.substring(0, 2))));
            intake.onPayload(ByteBuffer.wrap(utf8(text.substring(2))));
            intake.onFrameEnd();
        }
        assertThat(received.get(0)).isEqualTo(TextMessage.of("abc"));
        assertThat(received.get(1)).isInstanceOf(TextMessage.Streamed.class);
        assertThat(read(1, 2).joined()).isEqualTo("abcd");
    }
}
