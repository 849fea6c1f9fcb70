// SPDX-License-Identifier: Apache-2.0

package io.hawser.tck;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A publisher that hands its subscriber to the suite, which then plays the publisher itself. */
public final class Captured<T> implements Flow.Publisher<T> {
    private static final long HANG_GUARD_SECONDS = 30;

    private final CompletableFuture<Flow.Subscriber<? super T>> subscriber = new CompletableFuture<>();

    @Override
    public void subscribe(Flow.Subscriber<? super T> wanted) {
        subscriber.complete(wanted);
    }

    /** Who subscribed, now or soon. */
    @SuppressWarnings("unchecked") // whoever takes more than T takes T
    public Flow.Subscriber<T> subscriber() {
        return (Flow.Subscriber<T>) subscriber.orTimeout(HANG_GUARD_SECONDS, TimeUnit.SECONDS).join();
    }
}
