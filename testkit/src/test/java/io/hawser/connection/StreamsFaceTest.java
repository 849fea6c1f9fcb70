// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.MessageStream;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The streams face, and the rules of Reactive Streams that it touches. */
@ExtendWith(EndOfTalks.class)
class StreamsFaceTest {
    private final Probe probe = new Probe();
    private final Hand hand = new Hand();
    private final AtomicReference<MessageStream> stream = new AtomicReference<>();

    /** A consumer and a source that know nothing of each other. */
    private Conversation openApart() {
        return Conversation.with(WebSocketHandler.streams(in -> {
            stream.set(in);
            in.subscribe(probe);
            return hand;
        }));
    }

    @Test
    @Tag("M6")
    @Tag("M8")
    void deliversAsMuchAsIsAskedFor() {
        Conversation talk = openApart().says(text("a"), text("b"), text("c"), text("d"));
        assertThat(probe.signals()).containsExactly("subscribed");
        talk.does(() -> probe.request(1));
        assertThat(probe.signals()).containsExactly("subscribed", "a");
        talk.does(() -> probe.request(2));
        assertThat(probe.signals()).containsExactly("subscribed", "a", "b", "c");
        assertThat(talk.wire.isHolding()).isTrue();
        talk.does(() -> probe.request(Long.MAX_VALUE));
        talk.says(text("e"));
        assertThat(probe.signals()).containsExactly("subscribed", "a", "b", "c", "d", "e");
    }

    @Test
    void asksForOneReplyAtATime() {
        Conversation talk = openApart();
        assertThat(hand.requested()).isEqualTo(1);
        talk.does(() -> hand.give("a"));
        talk.loop.run();
        assertThat(hand.requested()).isEqualTo(2);
        talk.hears("a").hearsNothing();
    }

    @Test
    @Tag("C1")
    void completesOnAnOrdinaryEnd() {
        for (byte[] end : new byte[][] {close(), close(1000, ""), close(1001, "away")}) {
            Probe taker = new Probe();
            Hand source = new Hand();
            Conversation talk = Conversation.with(WebSocketHandler.streams(in -> {
                in.subscribe(taker);
                return source;
            }));
            talk.says(end);
            assertThat(taker.signals()).containsExactly("subscribed", "complete");
            assertThat(source.isCancelled()).isTrue();
        }
    }

    @Test
    @Tag("C2")
    void failsOnAnyOtherEnd() {
        openApart().says(close(4000, "no"));
        assertThat(probe.failure())
                .isInstanceOfSatisfying(WebSocketClosedException.class, failure -> assertThat(failure.closed())
                        .isEqualTo(new Closed(CloseStatus.of(4000, "no"), false, true)));
    }

    @Test
    @Tag("C3")
    void failsOnAnOrdinaryCloseInsideAMessage() {
        Conversation talk = openApart();
        talk.does(() -> probe.request(1));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, ClientFrames.utf8("begun"))).says(close(1000, ""));
        assertThat(probe.failure())
                .isInstanceOfSatisfying(WebSocketClosedException.class, failure -> assertThat(failure.closed())
                        .isEqualTo(new Closed(CloseStatus.of(1000), false, true)));
    }

    @Test
    @Tag("C8")
    void failsWhenTheConnectionIsCutOff() {
        openApart().hangsUp();
        assertThat(probe.failure()).isInstanceOf(WebSocketClosedException.class).hasMessageContaining("1006");
        assertThat(hand.isCancelled()).isTrue();
    }

    @Test
    void failsWithTheViolationAsItsCause() {
        openApart().says(ClientFrames.frame(0x83, new byte[0])).hearsClose(1002);
        assertThat(probe.failure())
                .isInstanceOf(WebSocketClosedException.class)
                .hasCauseInstanceOf(ProtocolViolation.class);
    }

    @Test
    @Tag("C4")
    @Tag("C11")
    void deliversInputAfterTheOutputIsComplete() {
        Conversation talk = openApart();
        talk.does(() -> probe.request(10));
        talk.does(() -> hand.give("last"));
        talk.does(hand::complete);
        talk.loop.run();
        talk.hears("last").hears(ServerFrame.close(1000)).says(text("a"), text("b")).hearsNothing();
        assertThat(probe.signals()).containsExactly("subscribed", "a", "b");
        talk.says(close(1000, "")).hearsEnd();
        assertThat(probe.signals()).containsExactly("subscribed", "a", "b", "complete");
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1000), true, true));
    }

    @Test
    @Tag("C11")
    void completesTheInputAtTheCloseDeadline() {
        Conversation talk = openApart();
        talk.does(() -> probe.request(10));
        talk.does(hand::complete);
        talk.hears(ServerFrame.close(1000)).passes(Duration.ofSeconds(2)).says(text("a"));
        talk.passes(Duration.ofSeconds(1)).isOver();
        assertThat(probe.signals()).containsExactly("subscribed", "a", "complete");
        assertThat(talk.closed().clean()).isFalse();
    }

    @Test
    @Tag("C4")
    void waitsAsLongForThePeersCloseAsItIsTold() {
        Conversation talk = Conversation.with(
                WebSocketHandler.streams(in -> hand), o -> o.closeTimeout(Duration.ofMinutes(1)));
        talk.does(hand::complete);
        talk.hears(ServerFrame.close(1000)).passes(Duration.ofSeconds(59));
        assertThat(talk.isClosed()).isFalse();
        talk.passes(Duration.ofSeconds(1)).isOver();
    }

    @Test
    @Tag("C5")
    @Tag("hostile-58")
    void closesWith1011WhenTheOutputFails() {
        Conversation talk = openApart();
        talk.does(() -> hand.fail(new IllegalStateException("secret")));
        talk.hears(ServerFrame.close(1011)).hearsEnd();
        assertThat(talk.closed().status()).isEqualTo(CloseStatus.of(1011));
        assertThat(probe.signals()).containsExactly("subscribed", "complete");
    }

    @Test
    @Tag("C5")
    @Tag("hostile-58")
    void closesWith1011WhenASubscriberThrows() {
        probe.throwing(new AssertionError("on purpose"));
        Conversation talk = openApart();
        talk.does(() -> probe.request(1));
        talk.says(text("a")).hears(ServerFrame.close(1011)).hearsEnd();
    }

    @Test
    @Tag("hostile-58")
    void closesWith1011WhenTheFunctionThrowsOrReturnsNull() {
        Conversation.with(WebSocketHandler.streams(in -> {
            throw new IllegalStateException("on purpose");
        })).hears(ServerFrame.close(1011)).hearsEnd();
        Conversation.with(WebSocketHandler.streams(in -> null)).hears(ServerFrame.close(1011)).hearsEnd();
    }

    @Test
    void takesOneSubscriber() {
        Conversation talk = openApart();
        Probe second = new Probe();
        stream.get().subscribe(second);
        // 1.9: onSubscribe comes before any other signal.
        assertThat(second.signals()).containsExactly("subscribed", "failed: IllegalStateException");
        talk.does(() -> second.request(1));
        talk.does(second::cancel);
        talk.does(() -> probe.request(1));
        talk.says(text("a"));
        assertThat(probe.signals()).containsExactly("subscribed", "a");
        assertThatThrownBy(() -> stream.get().subscribe(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void takesALateSubscriber() {
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> {
            stream.set(in);
            return hand;
        }));
        talk.says(text("early"));
        stream.get().subscribe(probe);
        talk.does(() -> probe.request(1));
        assertThat(probe.signals()).containsExactly("subscribed", "early");
    }

    @Test
    void tellsASubscriberThatComesAfterTheEnd() {
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> {
            stream.set(in);
            return hand;
        }));
        talk.says(close(1000, ""));
        talk.does(() -> stream.get().subscribe(probe));
        assertThat(probe.signals()).containsExactly("subscribed", "complete");
    }

    @Test
    void failsASubscriberThatAsksForNothing() {
        Conversation talk = openApart();
        talk.does(() -> probe.request(0));
        // 3.9: MUST signal onError with an IllegalArgumentException.
        assertThat(probe.signals()).containsExactly("subscribed", "failed: IllegalArgumentException");
        talk.says(text("dropped"), close(1000, "")).hears(ServerFrame.close(1000));
        assertThat(probe.signals()).hasSize(2);
    }

    @Test
    void dropsWhatFollowsACancellation() {
        Conversation talk = openApart();
        talk.does(() -> probe.request(1));
        talk.says(text("a"), text("b"));
        talk.does(probe::cancel);
        talk.does(probe::cancel);
        talk.does(() -> probe.request(5));
        for (int i = 0; i < 100; i++) {
            talk.says(ClientFrames.binary(new byte[4096]));
        }
        assertThat(talk.wire.isHolding()).isFalse();
        talk.does(() -> hand.give("still open"));
        talk.hears("still open").says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
        assertThat(probe.signals()).containsExactly("subscribed", "a");
    }

    @Test
    void cancelsASecondSubscriptionOfItsSource() {
        Conversation talk = openApart();
        Hand second = new Hand();
        // 2.5: MUST call cancel on the given one if it has an active one.
        hand.subscriber().onSubscribe(second);
        talk.loop.run();
        assertThat(second.isCancelled()).isTrue();
        assertThat(hand.isCancelled()).isFalse();
    }

    @Test
    void refusesNull() {
        openApart();
        // 2.13: MUST throw a NullPointerException to the caller.
        Flow.Subscriber<? super Message> subscriber = hand.subscriber();
        assertThatThrownBy(() -> subscriber.onSubscribe(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> subscriber.onNext(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> subscriber.onError(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void takesSignalsOfOtherThreadsInTheirOrder() {
        try (SubmissionPublisher<Message> source = new SubmissionPublisher<>(Runnable::run, 1 << 12)) {
            Conversation talk = Conversation.with(WebSocketHandler.streams(in -> source));
            Thread sender = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    source.submit(TextMessage.of("message " + i));
                }
                source.close();
            });
            for (int i = 0; i < 1000; i++) {
                talk.hears("message " + i);
            }
            talk.hears(ServerFrame.close(1000));
            talk.awaits("the sender ends", () -> !sender.isAlive());
        }
    }

    /** Ends that overtake: a source that goes on after it was cancelled is nobody's concern. */
    @Test
    void dropsWhatASourceGivesAfterTheEnd() {
        Conversation talk = openApart().says(close(1000, "")).hears(ServerFrame.close(1000));
        talk.does(() -> hand.give("late"));
        talk.does(hand::complete);
        talk.hearsEnd();
        assertThat(talk.closed().clean()).isTrue();
    }

    @Test
    @Tag("hostile-61")
    void failsWhatIsSentFromTheEnd() {
        Probe seen = new Probe();
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> {
            in.subscribe(seen);
            seen.onEnd(() -> in.sendAsync(BinaryMessage.of(new byte[1]))
                    .whenComplete((sent, failure) -> seen.note("send " + failure.getClass().getSimpleName())));
            return hand;
        }));
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
        assertThat(seen.signals()).containsExactly("subscribed", "complete", "send WebSocketClosedException");
    }

    /** Answers within the request, for ever. */
    private static Flow.Publisher<Message> endless() {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                subscriber.onNext(TextMessage.of("more"));
            }

            @Override
            public void cancel() {}
        });
    }

    @Test
    @Tag("C9")
    @Tag("C10")
    void closesOverAnOutputThatNeverEnds() {
        Conversation talk = Conversation.opening(WebSocketHandler.streams(in -> {
            in.subscribe(probe);
            return endless();
        }));
        talk.wire.acceptNothing();
        talk.does(() -> talk.connection().close(CloseStatus.of(CloseStatus.GOING_AWAY)));
        talk.wire.acceptAll();
        talk.says(close(1001, ""));
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1001), true, true));
    }

    @Test
    void completesBehindWhatAnotherThreadHasSent() throws InterruptedException {
        Conversation talk = openApart();
        Thread other = new Thread(() -> hand.give("last"));
        other.start();
        other.join();
        talk.does(hand::complete);
        talk.hears("last").hears(ServerFrame.close(1000));
    }
}
