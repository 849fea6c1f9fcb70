// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import java.util.concurrent.Flow;
import java.util.function.LongFunction;

/** A publisher of so many elements, given as they are asked for; on the thread that asks. */
record Chunks<C>(long count, boolean completes, LongFunction<C> element) implements Flow.Publisher<C> {
    @Override
    public void subscribe(Flow.Subscriber<? super C> subscriber) {
        subscriber.onSubscribe(new Flow.Subscription() {
            private long given;
            private boolean over;

            @Override
            public void request(long n) {
                for (long i = 0; i < n && given < count && !over; i++) {
                    subscriber.onNext(element.apply(given++));
                }
                if (given == count && completes && !over) {
                    over = true;
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {
                over = true;
            }
        });
    }
}
