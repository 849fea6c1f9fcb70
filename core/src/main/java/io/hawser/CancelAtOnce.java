// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.Objects;
import java.util.concurrent.Flow;

/** Wants nothing of what a publisher has. */
final class CancelAtOnce<C> implements Flow.Subscriber<C> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(C chunk) {
        Objects.requireNonNull(chunk); // Reactive Streams 2.13
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
    }

    @Override
    public void onComplete() {}
}
