// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.Objects;
import java.util.concurrent.Flow;

/** Publishes nothing and never ends, for any number of subscribers. */
final class Never<C> implements Flow.Publisher<C> {
    @Override
    public void subscribe(Flow.Subscriber<? super C> subscriber) {
        Objects.requireNonNull(subscriber); // Reactive Streams 1.9
        subscriber.onSubscribe(new Flow.Subscription() {
            private boolean done;

            @Override
            public void request(long n) {
                if (n < 1 && !done) { // 1.7, 3.6: without effect after an error or cancel
                    done = true;
                    subscriber.onError(
                            new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n));
                }
            }

            @Override
            public void cancel() {
                done = true;
            }
        });
    }
}
