// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.MessageStream;
import io.hawser.WebSocketClosedException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Joins a connection to two streams. Between a message that comes and one that leaves there is no queue and no other thread. */
final class StreamsFace extends MessageFace implements MessageStream {
    private final Function<? super MessageStream, ? extends Flow.Publisher<? extends Message>> answer;
    private final Replies replies;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private @Nullable Input input;

    StreamsFace(
            LiveConnection live,
            Function<? super MessageStream, ? extends Flow.Publisher<? extends Message>> answer) {
        super(live);
        this.answer = answer;
        this.replies = new Replies(live);
    }

    @Override
    void onOpen() {
        answer.apply(this).subscribe(replies);
    }

    @Override
    void onWritable() {
        replies.goOn();
    }

    @Override
    void onClosed(Closed how) {
        guard(replies::cancel);
        super.onClosed(how);
        if (input != null) {
            input.end();
        }
    }

    @Override
    void onMessage(Message message) {
        // Demand comes from a subscription alone, so there is one.
        Objects.requireNonNull(input).next(message);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> subscriber) {
        Objects.requireNonNull(subscriber); // Reactive Streams 1.9
        if (subscribed.compareAndSet(false, true)) {
            live.onLoop(() -> open(new Input(subscriber)));
        } else {
            NoSubscription.refuse(subscriber, "the messages of a connection take one subscriber");
        }
    }

    private void open(Input opened) {
        input = opened;
        opened.begin();
        if (live.ending() != null) {
            opened.end();
        }
    }

    /** The way of incoming messages to their subscriber; its signals come on the loop. */
    private final class Input implements Flow.Subscription {
        private Flow.@Nullable Subscriber<? super Message> subscriber; // null when it wants no more (3.13)

        Input(Flow.Subscriber<? super Message> subscriber) {
            this.subscriber = subscriber;
        }

        void begin() {
            Flow.Subscriber<? super Message> told = Objects.requireNonNull(subscriber);
            guard(() -> told.onSubscribe(this));
        }

        @Override
        public void request(long n) {
            if (live.inBatch()) {
                add(n); // without a task: this is every message's way
            } else {
                live.onLoop(() -> add(n));
            }
        }

        private void add(long n) {
            Flow.Subscriber<? super Message> told = subscriber;
            if (told == null) {
                return; // 3.6: without effect after cancel
            }
            if (n > 0) {
                intake.request(n);
            } else {
                discard();
                guard(() -> told.onError(
                        new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n)));
            }
        }

        @Override
        public void cancel() {
            live.onLoop(this::discard);
        }

        void next(Message message) {
            Flow.Subscriber<? super Message> told = subscriber;
            if (told == null) {
                message.discard();
            } else {
                guard(() -> told.onNext(message));
            }
        }

        void end() {
            Flow.Subscriber<? super Message> told = subscriber;
            if (told == null) {
                return;
            }
            subscriber = null;
            WebSocketClosedException failure = live.end().failure();
            guard(() -> {
                if (failure == null) {
                    told.onComplete();
                } else {
                    told.onError(failure);
                }
            });
        }

        /** Lets what follows come and drops it, so that the peer's close is still seen. */
        private void discard() {
            if (subscriber != null) {
                subscriber = null;
                intake.request(Long.MAX_VALUE);
            }
        }
    }
}
