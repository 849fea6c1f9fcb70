// SPDX-License-Identifier: Apache-2.0

package io.hawser.tck;

import java.util.concurrent.Flow;

/** Takes all there is. */
public final class Drain implements Flow.Subscriber<Object> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object element) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
