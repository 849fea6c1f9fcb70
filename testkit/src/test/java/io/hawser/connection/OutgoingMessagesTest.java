// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.BINARY;
import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.FrameChannel;
import io.hawser.MessagePolicy;
import io.hawser.MessageStream;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages that are streamed out, and what waits behind them. */
@ExtendWith(EndOfTalks.class)
class OutgoingMessagesTest {
    private final Hand hand = new Hand();
    private final Chunks<String> chunks = new Chunks<>();
    private MessageStream stream;

    private Conversation open() {
        return Conversation.with(WebSocketHandler.streams(in -> {
            stream = in;
            in.subscribe(new Probe());
            return hand;
        }));
    }

    private static ServerFrame first(String text) {
        return ServerFrame.of(TEXT, utf8(text));
    }

    private static ServerFrame more(String text) {
        return ServerFrame.of(CONTINUATION, utf8(text));
    }

    private static ServerFrame last() {
        return ServerFrame.of(FIN | CONTINUATION, new byte[0]);
    }

    @Test
    @Tag("M1")
    @Tag("M4")
    void leaveAsAFrameAChunkAndAnEmptyOne() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("He").give("").give("llo").complete());
        talk.hears(first("He"), more("llo"), last()).hearsNothing();
    }

    @Test
    @Tag("M4")
    void leaveAsOneEmptyFrameWithoutChunks() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(chunks::complete);
        talk.hears("").hearsNothing();
    }

    @Test
    void carryBytes() {
        Conversation talk = open();
        Chunks<ByteBuffer> bytes = new Chunks<>();
        talk.does(() -> hand.give(BinaryMessage.streamed(bytes)));
        talk.does(() -> bytes.give(ByteBuffer.wrap(utf8("ab")).asReadOnlyBuffer()).complete());
        talk.hears(ServerFrame.of(BINARY, utf8("ab")), last());
    }

    @Test
    @Tag("M5")
    void joinSurrogatesThatTheApplicationHasCut() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("a\ud83d").give("\ude00b").complete());
        talk.hears(first("a"), more("\ud83d\ude00b"), last());
    }

    @Test
    @Tag("M5")
    @Tag("hostile-28")
    void failTheConnectionWithAnUnpairedSurrogate() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("a").give("\ud83d").complete());
        talk.hears(first("a")).hearsClose(1011);
    }

    @Test
    @Tag("C5")
    void failTheConnectionIfTheirPublisherFails() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("a").fail(new IllegalStateException("planned")));
        talk.hears(first("a")).hears(ServerFrame.close(1011));
    }

    @Test
    @Tag("M7")
    void letOthersWaitBehindThem() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("a"));
        CompletableFuture<Void> sent = stream.sendAsync(TextMessage.of("behind")).toCompletableFuture();
        assertThat(stream.trySend(TextMessage.of("as well"))).isTrue();
        talk.says(ping("x")).hears(first("a"), ServerFrame.pong("x")).hearsNothing();
        assertThat(sent).isNotDone();
        assertThat(hand.requested()).isEqualTo(1);
        talk.does(chunks::complete);
        talk.hears(last()).hears("behind", "as well").hearsNothing();
        assertThat(sent).isCompleted();
        talk.awaits("the next message is asked for", () -> hand.requested() == 2);
    }

    @Test
    @Tag("F13")
    void letOthersWaitWhileFragmentsAreSentFrameByFrame() {
        FrameChannel[] channel = new FrameChannel[1];
        Conversation talk = Conversation.with(WebSocketHandler.frames(opened -> {
            channel[0] = opened;
            return frame -> {};
        }));
        channel[0].send(Frame.wrap(Opcode.TEXT, false, utf8("a")));
        channel[0].sendAsync(TextMessage.of("behind"));
        channel[0].send(Frame.wrap(Opcode.CONTINUATION, true, utf8("b")));
        talk.hears(first("a"), ServerFrame.of(FIN | CONTINUATION, utf8("b"))).hears("behind").hearsNothing();
    }

    @Test
    @Tag("M8")
    @Tag("L2")
    void askForNoChunkThatCannotLeave() {
        Conversation talk = open();
        talk.wire.acceptNothing();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        String much = "x".repeat(100_000);
        talk.does(() -> chunks.give(much).give("y"));
        talk.loop.run();
        assertThat(chunks.requested()).isEqualTo(2);
        talk.wire.acceptAll();
        talk.hears(first(much), more("y"));
        talk.awaits("the next chunk is asked for", () -> chunks.requested() == 3);
    }

    @Test
    @Tag("C4")
    void areFinishedBeforeTheConnectionCloses() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(hand::complete);
        talk.does(() -> chunks.give("a"));
        talk.passes(Duration.ofSeconds(10)).hears(first("a")).hearsNothing();
        talk.does(() -> chunks.give("b").complete());
        talk.hears(more("b"), last(), ServerFrame.close(1000));
    }

    @Test
    @Tag("C9")
    void areGivenUpIfTheyGoOnForLongerThanTheCloseTimeout() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("a"));
        CompletableFuture<Void> behind = stream.sendAsync(TextMessage.of("behind")).toCompletableFuture();
        stream.closeAsync(CloseStatus.of(4000, "enough"));
        talk.hears(first("a")).hearsNothing();
        talk.passes(Duration.ofSeconds(3)).hears(ServerFrame.close(4000, "enough"));
        assertThat(chunks.isCancelled()).isTrue();
        talk.says(close(4000, ""));
        assertThat(behind).isCompletedExceptionally();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(4000, "enough"), true, true));
    }

    @Test
    @Tag("C10")
    void areCancelledByThePeersClose() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("a"));
        talk.says(close(1000, "")).hears(first("a"), ServerFrame.close(1000)).hearsEnd();
        assertThat(chunks.isCancelled()).isTrue();
        assertThat(hand.isCancelled()).isTrue();
    }

    @Test
    @Tag("M4")
    @Tag("M6")
    void beginBeforeTheQuestionHasEnded() {
        Conversation talk = Conversation.with(
                WebSocketHandler.each(message -> TextMessage.streamed(((TextMessage) message).chunks())),
                o -> o.messages(MessagePolicy.streamed()));
        talk.says(ClientFrames.frame(TEXT, utf8("a"))).hears(first("a")).hearsNothing();
        talk.says(ClientFrames.frame(FIN | CONTINUATION, utf8("b")), text("c"));
        talk.hears(more("b"), last(), first("c"), last()).hearsNothing();
    }

    @Test
    @Tag("M6")
    void comeInOrderFromAnAsynchronousFunction() {
        List<CompletableFuture<TextMessage>> answers = new ArrayList<>();
        Conversation talk = Conversation.with(WebSocketHandler.eachAsync(
                message -> {
                    answers.add(new CompletableFuture<>());
                    return answers.get(answers.size() - 1);
                },
                2));
        talk.says(text("1"), text("2"), text("3"));
        assertThat(answers).hasSize(2);
        answers.get(1).complete(TextMessage.of("b"));
        talk.hearsNothing();
        answers.get(0).complete(TextMessage.of("a"));
        talk.hears("a", "b").hearsNothing();
        assertThat(answers).hasSize(3);
        answers.get(2).completeExceptionally(new IllegalStateException("planned"));
        talk.hears(ServerFrame.close(1011));
    }

    @Test
    @Tag("M4")
    void goOnThoughMoreThanTheHighMarkWaitsBehindThem() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(() -> chunks.give("begun"));
        byte[] large = new byte[100 << 10];
        CompletableFuture<Void> sent = stream.sendAsync(BinaryMessage.wrap(large)).toCompletableFuture();
        talk.hears(first("begun"));
        assertThat(stream.trySend(TextMessage.of("not now"))).isFalse();
        long before = chunks.requested();
        talk.does(() -> chunks.give("more"));
        talk.hears(more("more"));
        assertThat(chunks.requested()).isEqualTo(before + 1);
        talk.does(chunks::complete);
        talk.hears(last(), ServerFrame.binary(large)).hearsNothing();
        assertThat(sent).isCompleted();
    }

    /** One that is sent fragment by fragment, by hand. */
    @Test
    @Tag("M4")
    void letFragmentsGoOnThoughMoreThanTheHighMarkWaitsBehindThem() {
        FrameChannel[] channel = new FrameChannel[1];
        Conversation talk = Conversation.with(WebSocketHandler.frames(opened -> {
            channel[0] = opened;
            return frame -> opened.send(frame);
        }).with(o -> o.rawFragments(true)));
        talk.says(ClientFrames.frame(TEXT, utf8("begun"))).hears(first("begun"));
        byte[] large = new byte[100 << 10];
        talk.does(() -> {
            channel[0].sendAsync(BinaryMessage.wrap(large));
            assertThat(channel[0].isWritable()).isTrue();
        });
        talk.says(ClientFrames.frame(CONTINUATION, utf8("more"))).hears(more("more"));
        talk.says(ClientFrames.frame(FIN | CONTINUATION, new byte[0])).hears(last(), ServerFrame.binary(large));
    }

    @Test
    @Tag("C4")
    void keepTheCodeThatWasAskedForFirst() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        stream.closeAsync(CloseStatus.of(4001, "enough"));
        talk.does(hand::complete);
        talk.does(chunks::complete);
        talk.hears(ServerFrame.of(FIN | TEXT, new byte[0]), ServerFrame.close(4001, "enough"));
    }

    @Test
    void leaveOneAfterTheOtherHoweverManyWait() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        for (int i = 0; i < 50_000; i++) {
            stream.sendAsync(TextMessage.streamed(TextMessage.of("x").chunks()));
        }
        talk.does(chunks::complete);
        talk.loop.run();
        assertThat(talk.isClosed()).isFalse();
        talk.says(close(1000, ""));
        assertThat(talk.closed().status().code()).isEqualTo(1000);
        assertThat(talk.closed().local()).isFalse();
    }

    @Test
    void refuseNullWhileOneIsUnderWay() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        assertThatThrownBy(() -> stream.sendAsync(null)).isInstanceOf(NullPointerException.class);
        talk.says(close(1000, ""));
        assertThat(talk.closed().status().code()).isEqualTo(1000);
    }

    @Test
    @Tag("C4")
    void failTheConnectionIfTheirPublisherFailsWithTheEndOfAnotherConnection() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        talk.does(hand::complete);
        talk.does(() -> chunks.give("a"));
        Closed other = new Closed(CloseStatus.of(CloseStatus.GOING_AWAY), false, true);
        talk.does(() -> chunks.fail(new WebSocketClosedException(other, null)));
        talk.hears(first("a")).hearsClose(1011);
    }

    @Test
    void failWhoSentThemIfTheyHaveNoChunks() {
        Conversation talk = open();
        TextMessage.Streamed broken = () -> {
            throw new IllegalStateException("planned");
        };
        CompletableFuture<Void> sent = stream.sendAsync(broken).toCompletableFuture();
        talk.hearsClose(1011);
        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    @Tag("C4")
    void failTheConnectionIfTheirPublisherRefusesASubscriberBehindAClose() {
        Conversation talk = open();
        talk.does(() -> hand.give(TextMessage.streamed(chunks)));
        stream.sendAsync(TextMessage.streamed(wanted -> {
            throw new WebSocketClosedException(new Closed(CloseStatus.of(1001), false, true), null);
        }));
        talk.does(hand::complete);
        talk.does(chunks::complete);
        talk.hears(ServerFrame.of(FIN | TEXT, new byte[0])).hearsClose(1011);
    }

    @Test
    void failTheConnectionIfTheirPublisherThrowsWhenAskedAgain() {
        Conversation talk = open();
        talk.wire.acceptNothing();
        boolean[] asked = {false};
        hand.give(BinaryMessage.streamed(wanted -> wanted.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                if (asked[0]) {
                    throw new IllegalStateException("planned");
                }
                asked[0] = true;
                wanted.onNext(ByteBuffer.allocate(400_000));
            }

            @Override
            public void cancel() {}
        })));
        talk.loop.run();
        talk.wire.acceptAll();
        talk.next();
        talk.hearsClose(1011);
    }

    /** Chunks that a test hands out. */
    private static final class Chunks<C> implements Flow.Publisher<C> {
        private Flow.Subscriber<? super C> subscriber;
        private long requested;
        private boolean cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super C> wanted) {
            subscriber = wanted;
            wanted.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    requested += n;
                }

                @Override
                public void cancel() {
                    cancelled = true;
                }
            });
        }

        Chunks<C> give(C chunk) {
            subscriber.onNext(chunk);
            return this;
        }

        void complete() {
            subscriber.onComplete();
        }

        void fail(Throwable cause) {
            subscriber.onError(cause);
        }

        long requested() {
            return requested;
        }

        boolean isCancelled() {
            return cancelled;
        }
    }
}
