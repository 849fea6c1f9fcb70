// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Message;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Probe} receives into, by hand: a subscriber whose publisher is the probe's own end of the connection. Where the probe was
 * opened by hand nothing is received unless it is {@link #request requested}: messages of up to 64 KiB whole, longer ones streamed, of which no
 * chunk comes unless it is read, and the next message behind the last; else all is, at once. For the test's thread.
 */
public final class Incoming {
    private final Scene scene;
    private final boolean byHand;
    private final Sink sink = new Sink();
    private final ArrayDeque<Arriving> messages = new ArrayDeque<>();
    private @Nullable Expecting expecting;

    private Flow.@Nullable Subscription subscription;
    private long asked;
    private boolean cancelled;
    private boolean ended;
    private @Nullable Throwable failure;

    Incoming(Scene scene, boolean byHand) {
        this.scene = scene;
        this.byHand = byHand;
        this.asked = byHand ? 0 : Long.MAX_VALUE;
    }

    void belongTo(Expecting probes) {
        expecting = probes;
    }

    private Expecting expecting() {
        return Objects.requireNonNull(expecting);
    }

    Flow.Subscriber<Message> subscriber() {
        return sink;
    }

    // ---- for the test

    /**
     * Waits for the subscription.
     *
     * @throws AssertionError if none comes within {@link TestOptions#within}
     */
    public Incoming expectSubscription() {
        if (!expecting().await(() -> subscription != null)) {
            throw expecting().failure("a subscription", expecting().nothing());
        }
        return this;
    }

    /**
     * Asks for so many messages more.
     *
     * @throws IllegalArgumentException if {@code messages} is less than 1
     */
    public Incoming request(long messages) {
        if (messages < 1) {
            throw new IllegalArgumentException("demand must be 1 or more, not " + messages);
        }
        if (subscription == null) {
            asked = asked + messages < 0 ? Long.MAX_VALUE : asked + messages;
        } else {
            subscription.request(messages);
        }
        return this;
    }

    /** Wants nothing more: the messages that follow are dropped, and no end is signalled; the connection stays open. */
    public void cancel() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /**
     * Waits for the next message as it is received, streamed where it is; its chunks are the caller's, with their demand.
     *
     * @throws AssertionError if none comes within {@link TestOptions#within}, or the input ends
     * @throws IllegalStateException if the probe reads its chunks already, as it does unless it was opened by hand
     */
    public Message expectNext() {
        if (!expecting().await(() -> hasMessage() || ended) || !hasMessage()) {
            throw expecting().failure("a message", expecting().noMessage());
        }
        Arriving next = messages.element();
        if (next.isReading() && !next.isOver()) {
            throw new IllegalStateException("the probe reads the chunks of this message already; open it by hand, or use Probe.expectMessage()");
        }
        return next.isReading() ? take().collected() : take().message();
    }

    /** How many messages were received and not taken, as far as the test has let things happen. */
    public int unread() {
        return messages.size();
    }

    /** Whether the end of the input was signalled, be it completion or failure. */
    public boolean hasEnded() {
        return ended;
    }

    // ---- for the probe

    boolean hasMessage() {
        return !messages.isEmpty();
    }

    Arriving first() {
        return messages.element();
    }

    Arriving take() {
        return messages.remove();
    }

    /** What the input failed with; null if it has not. */
    @Nullable Throwable failure() {
        return failure;
    }

    // ---- on the loop

    private final class Sink implements Flow.Subscriber<Message> {
        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription = Objects.requireNonNull(opened);
            if (cancelled) {
                opened.cancel();
            } else if (asked > 0) {
                opened.request(asked);
            }
        }

        @Override
        public void onNext(Message message) {
            Arriving arriving = new Arriving(message, scene.options().maxChunks());
            messages.add(arriving);
            if (!byHand) {
                arriving.read();
            }
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            ended = true;
        }

        @Override
        public void onComplete() {
            ended = true;
        }
    }
}
