// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** A body of so many chunks, each made when it is asked for; notes who subscribes and who cancels. */
final class Chunks implements Flow.Publisher<ByteBuffer> {
    private final int count;
    private final IntFunction<byte[]> chunk;
    private final boolean failing;
    private final AtomicInteger subscribers = new AtomicInteger();
    private final AtomicInteger cancellations = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();

    private Chunks(int count, IntFunction<byte[]> chunk, boolean failing) {
        this.count = count;
        this.chunk = chunk;
        this.failing = failing;
    }

    static Chunks of(String... texts) {
        return of(texts.length, i -> texts[i].getBytes(StandardCharsets.UTF_8));
    }

    static Chunks of(int count, IntFunction<byte[]> chunk) {
        return new Chunks(count, chunk, false);
    }

    /** The same, and then a failure in place of the end. */
    Chunks failing() {
        return new Chunks(count, chunk, true);
    }

    int subscribers() {
        return subscribers.get();
    }

    int cancellations() {
        return cancellations.get();
    }

    /** How many were made, for all subscribers. */
    int made() {
        return made.get();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscribers.incrementAndGet();
        subscriber.onSubscribe(new Serving(subscriber));
    }

    private final class Serving implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private int next;
        private volatile boolean over;

        Serving(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            // Reactive Streams 3.3: no deeper stack where onNext asks for more
            if (demand.getAndAccumulate(n, Serving::sum) == 0) {
                long served = 0;
                do {
                    served = demand.get();
                    for (long i = 0; i < served && !over; i++) {
                        serve();
                    }
                } while (demand.addAndGet(-served) > 0);
            }
        }

        private static long sum(long a, long b) {
            return a + b < 0 ? Long.MAX_VALUE : a + b;
        }

        private void serve() {
            if (next < count) {
                made.incrementAndGet();
                subscriber.onNext(ByteBuffer.wrap(chunk.apply(next++)));
            }
            if (next == count && !over) {
                over = true;
                if (failing) {
                    subscriber.onError(new IllegalStateException("fails as the test wants it"));
                } else {
                    subscriber.onComplete();
                }
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                cancellations.incrementAndGet();
            }
        }
    }
}
