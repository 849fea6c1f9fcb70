// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.concurrent.Flow;

/** Wants nothing of what a publisher has. */
final class CancelAtOnce<C> implements Flow.Subscriber<C> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(C chunk) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
