// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.util.concurrent.Flow;

/** What a subscriber gets who comes too late. */
public enum NoSubscription implements Flow.Subscription {
    INSTANCE;

    /** Refuses a subscriber. */
    public static void refuse(Flow.Subscriber<?> subscriber, String reason) {
        subscriber.onSubscribe(INSTANCE); // Reactive Streams 1.9: before any other signal
        subscriber.onError(new IllegalStateException(reason));
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
}
