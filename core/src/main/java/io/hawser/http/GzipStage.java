// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Compresses for one subscriber. It asks its source for one chunk at a time while there is demand, and keeps the end of what is compressed,
 * which is one chunk more than came, until that is asked for.
 */
final class GzipStage implements Flow.Subscriber<ByteBuffer>, Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final BodyLength length;
    private final boolean flushing;
    private final Gzip gzip = new Gzip();

    /** What is asked for and not given; while there is some, one chunk is asked for from the source. */
    private final AtomicLong demand = new AtomicLong();

    private final AtomicBoolean lastGiven = new AtomicBoolean();
    private volatile @Nullable ByteBuffer last;
    private volatile Flow.@Nullable Subscription source;
    private volatile boolean ended;

    GzipStage(Flow.Subscriber<? super ByteBuffer> subscriber, BodyLength length, boolean flushing) {
        this.subscriber = subscriber;
        this.length = length;
        this.flushing = flushing;
    }

    // ---- from the source

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened); // Reactive Streams 2.13
        if (source != null) {
            opened.cancel(); // 2.5
            return;
        }
        source = opened;
        subscriber.onSubscribe(this);
    }

    @Override
    public void onNext(ByteBuffer chunk) {
        Objects.requireNonNull(chunk); // 2.13
        if (ended) {
            return; // 2.8: signals may still come after cancel()
        }
        ByteBuffer compressed;
        try {
            length.add(chunk.remaining());
            compressed = gzip.add(chunk, flushing);
        } catch (RuntimeException | OutOfMemoryError failure) { // 2.13: not the source's concern
            cancel();
            subscriber.onError(failure);
            return;
        }
        if (!compressed.hasRemaining()) {
            source().request(1); // nothing to give as yet
            return;
        }
        subscriber.onNext(compressed);
        if (demand.decrementAndGet() > 0) { // only now, so that a request within onNext does not deepen the stack
            source().request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure); // 2.13
        if (!ended) {
            ended = true;
            gzip.release();
            subscriber.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            length.end();
            last = gzip.end();
        } catch (RuntimeException failure) {
            gzip.release();
            subscriber.onError(failure);
            return;
        }
        giveLast();
    }

    private Flow.Subscription source() {
        return Objects.requireNonNull(source);
    }

    /** Whichever comes later, the end or the demand for it, gives it. */
    private void giveLast() {
        ByteBuffer end = last;
        if (end != null && demand.get() > 0 && lastGiven.compareAndSet(false, true)) {
            subscriber.onNext(end);
            subscriber.onComplete();
        }
    }

    // ---- from the subscriber

    @Override
    public void request(long n) {
        if (n <= 0) {
            source().request(n); // 3.9: which signals the error
            return;
        }
        long before = demand.getAndAccumulate(n, (some, more) -> some + more < 0 ? Long.MAX_VALUE : some + more); // 3.17
        if (last != null) {
            giveLast();
        } else if (before == 0 && !ended) {
            source().request(1);
        }
    }

    @Override
    public void cancel() {
        if (!ended) {
            ended = true;
            source().cancel();
        }
        lastGiven.set(true); // 3.12: nothing is given any more
        gzip.release();
    }
}
