// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.Message;
import io.hawser.TextMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** "1", "2", "3", … ten a second, for one subscriber. A tick that nobody has asked for waits until somebody does. */
final class Ticks implements Flow.Publisher<Message> {
    private static final Executor TENTH_OF_A_SECOND =
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, Runnable::run);

    @Override
    public void subscribe(Flow.Subscriber<? super Message> subscriber) {
        subscriber.onSubscribe(new Ticking(subscriber));
    }

    private static final class Ticking implements Flow.Subscription {
        private final Flow.Subscriber<? super Message> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private long last;

        Ticking(Flow.Subscriber<? super Message> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (n < 1) {
                if (cancelled.compareAndSet(false, true)) {
                    subscriber.onError(new IllegalArgumentException("demand must be positive, not " + n));
                }
            } else if (demand.getAndAccumulate(n, Ticking::saturatedSum) == 0) {
                TENTH_OF_A_SECOND.execute(this::tick);
            }
        }

        private static long saturatedSum(long a, long b) {
            return a + b < 0 ? Long.MAX_VALUE : a + b;
        }

        private void tick() {
            if (cancelled.get()) {
                return;
            }
            subscriber.onNext(TextMessage.of(Long.toString(++last)));
            if (demand.decrementAndGet() > 0) {
                TENTH_OF_A_SECOND.execute(this::tick);
            }
        }

        @Override
        public void cancel() {
            cancelled.set(true);
        }
    }
}
