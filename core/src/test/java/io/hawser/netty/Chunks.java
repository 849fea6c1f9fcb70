// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that asks for as much as a test tells it, and notes what comes. */
final class Chunks implements Flow.Subscriber<ByteBuffer> {
    Flow.@Nullable Subscription subscription;
    int bytes;
    int signals;
    boolean completed;
    @Nullable Throwable failure;

    void request(long n) {
        if (subscription != null) {
            subscription.request(n);
        }
    }

    void cancel() {
        Objects.requireNonNull(subscription).cancel();
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
    }

    @Override
    public void onNext(ByteBuffer chunk) {
        signals++;
        bytes += chunk.remaining();
    }

    @Override
    public void onError(Throwable thrown) {
        failure = thrown;
    }

    @Override
    public void onComplete() {
        completed = true;
    }
}
