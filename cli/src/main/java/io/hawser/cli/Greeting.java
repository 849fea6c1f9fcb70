// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * "Hello ", a name as it comes, and "!": the answer to a question that has only begun. For one subscriber. Stream libraries have an operator
 * for this; it is written out here so that the demo needs none.
 */
record Greeting(Flow.Publisher<String> name) implements Flow.Publisher<String> {
    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
        Objects.requireNonNull(subscriber); // Reactive Streams 1.9
        name.subscribe(new Parts(subscriber));
    }

    /** Between the publisher of the name and the subscriber to the greeting. Asks for one piece of the name at a time. */
    private static final class Parts implements Flow.Subscriber<String>, Flow.Subscription {
        private final Flow.Subscriber<? super String> subscriber;
        private final AtomicLong demand = new AtomicLong();
        /** How often there was something to do since it was last done; whoever raises it from zero does it. */
        private final AtomicInteger work = new AtomicInteger();

        private Flow.@Nullable Subscription source;
        private boolean begun;
        private boolean asked;
        private volatile @Nullable String piece;
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;
        private volatile boolean done;

        Parts(Flow.Subscriber<? super String> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            Objects.requireNonNull(opened); // 2.13
            if (source != null) {
                opened.cancel(); // 2.5
                return;
            }
            source = opened;
            subscriber.onSubscribe(this);
        }

        @Override
        public void onNext(String next) {
            piece = Objects.requireNonNull(next); // 2.13
            goOn();
        }

        @Override
        public void onError(Throwable cause) {
            failure = Objects.requireNonNull(cause); // 2.13
            goOn();
        }

        @Override
        public void onComplete() {
            ended = true;
            goOn();
        }

        @Override
        public void request(long n) {
            if (n < 1) {
                Objects.requireNonNull(source).cancel();
                failure = new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n);
            } else {
                demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            }
            goOn();
        }

        @Override
        public void cancel() {
            done = true;
            Objects.requireNonNull(source).cancel();
        }

        private void goOn() {
            if (work.getAndIncrement() > 0) {
                return;
            }
            int seen = 1;
            do {
                boolean more = true;
                while (more) {
                    more = step();
                }
                seen = work.addAndGet(-seen);
            } while (seen > 0);
        }

        /** Does one thing; whether there was one. */
        private boolean step() {
            if (done) {
                return false;
            }
            Throwable cause = failure;
            if (cause != null) {
                done = true;
                subscriber.onError(cause);
                return false;
            }
            if (demand.get() == 0) {
                return false;
            }
            String next = piece;
            if (!begun) {
                begun = true;
                give("Hello ");
            } else if (next != null) {
                piece = null;
                asked = false;
                give(next);
            } else if (ended) {
                done = true;
                subscriber.onNext("!");
                subscriber.onComplete();
            } else if (!asked) {
                asked = true;
                Objects.requireNonNull(source).request(1);
            } else {
                return false;
            }
            return true;
        }

        private void give(String part) {
            demand.decrementAndGet();
            subscriber.onNext(part);
        }
    }
}
