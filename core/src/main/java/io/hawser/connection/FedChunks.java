// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.WaitInterruptedException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Chunks that the thread which sends them produces, at the pace of the one subscriber. */
final class FedChunks<C> implements Flow.Publisher<C>, Flow.Subscription {
    private final Thread feeder = Thread.currentThread();
    private final AtomicLong demand = new AtomicLong();
    private volatile Flow.@Nullable Subscriber<? super C> subscriber;
    private volatile boolean cancelled;
    /** Why nobody feeds any more; null while somebody does. */
    private volatile @Nullable Throwable failure;

    @Override
    public void subscribe(Flow.Subscriber<? super C> wanted) {
        Objects.requireNonNull(wanted); // Reactive Streams 1.9
        if (subscriber != null) {
            NoSubscription.refuse(wanted, "what a thread sends takes one subscriber");
            return;
        }
        subscriber = wanted;
        wanted.onSubscribe(this);
        Throwable given = failure;
        if (given != null) {
            wanted.onError(given); // the sender was interrupted while the message waited for its turn
        }
    }

    @Override
    public void request(long n) {
        if (n < 1) {
            cancelled = true;
            Objects.requireNonNull(subscriber)
                    .onError(new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n));
        } else {
            demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
        }
        LockSupport.unpark(feeder);
    }

    @Override
    public void cancel() {
        cancelled = true;
        LockSupport.unpark(feeder);
    }

    /**
     * Publishes chunks until there are no more; on the thread that made this.
     *
     * @param source the next chunk, or null at the end; may block, and throw what fails the subscriber
     * @return whether all were taken, not cancelled before
     */
    boolean feed(Callable<@Nullable C> source) throws Exception {
        try {
            while (awaitDemand()) {
                C chunk = source.call();
                if (chunk == null) {
                    Objects.requireNonNull(subscriber).onComplete();
                    return true;
                }
                demand.decrementAndGet();
                Objects.requireNonNull(subscriber).onNext(chunk);
            }
            return false;
        } catch (Throwable thrown) { // whatever the source throws: the message cannot go on
            failure = thrown; // before it is looked who is there to be told
            Flow.Subscriber<? super C> told = subscriber;
            if (told != null) {
                told.onError(thrown);
            }
            throw thrown;
        }
    }

    /** Whether a chunk is wanted, not cancelled. */
    private boolean awaitDemand() {
        while (!cancelled && demand.get() == 0) {
            LockSupport.park(this);
            if (feeder.isInterrupted()) {
                throw new WaitInterruptedException("interrupted while sending a message, which cannot be finished");
            }
        }
        return !cancelled;
    }
}
