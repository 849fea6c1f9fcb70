// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.Objects;
import java.util.concurrent.Flow;

/** Publishes one thing, to any number of subscribers. */
final class OneChunk<C> implements Flow.Publisher<C> {
    private final C chunk;

    OneChunk(C chunk) {
        this.chunk = chunk;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super C> subscriber) {
        Objects.requireNonNull(subscriber); // Reactive Streams 1.9
        subscriber.onSubscribe(new Flow.Subscription() {
            private boolean done;

            @Override
            public void request(long n) {
                if (done) {
                    return; // 3.6: without effect after cancel
                }
                done = true;
                if (n < 1) {
                    subscriber.onError(
                            new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n));
                } else {
                    subscriber.onNext(chunk);
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {
                done = true;
            }
        });
    }
}
