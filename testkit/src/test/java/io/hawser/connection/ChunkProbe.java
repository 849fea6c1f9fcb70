// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber to the chunks of a message in a test's hand: asks when it is told to, and notes what it gets. */
final class ChunkProbe<C> implements Flow.Subscriber<C> {
    private final List<C> chunks = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;
    private boolean complete;

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    List<C> chunks() {
        return chunks;
    }

    /** All that came, put together. */
    String joined() {
        StringBuilder all = new StringBuilder();
        for (C chunk : chunks) {
            all.append(chunk instanceof ByteBuffer bytes ? StandardCharsets.UTF_8.decode(bytes.duplicate()) : chunk);
        }
        return all.toString();
    }

    boolean isComplete() {
        return complete;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
    }

    @Override
    public void onNext(C chunk) {
        chunks.add(chunk);
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onComplete() {
        complete = true;
    }
}
