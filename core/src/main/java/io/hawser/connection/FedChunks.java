// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.WaitInterruptedException;
import io.hawser.waiting.Surroundings;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Chunks that the thread which sends them produces, at the pace of the one subscriber. */
final class FedChunks<C> implements Flow.Publisher<C>, Flow.Subscription {
    private final Surroundings surroundings;
    private final Thread feeder = Thread.currentThread();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile Flow.@Nullable Subscriber<? super C> subscriber;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile @Nullable Throwable refusal;
    /** Why nobody feeds any more; null while somebody does. */
    private volatile @Nullable Throwable failure;
    private volatile boolean opened;
    private volatile boolean cancelled;

    /** Chunks of the calling thread, which waits for demand in these surroundings. */
    FedChunks(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super C> wanted) {
        Objects.requireNonNull(wanted); // Reactive Streams 1.9
        if (!taken.compareAndSet(false, true)) {
            NoSubscription.refuse(wanted, "what a thread sends takes one subscriber");
            return;
        }
        subscriber = wanted;
        wanted.onSubscribe(this);
        opened = true; // 1.3: no other signal before this one has returned
        Throwable given = failure;
        if (given != null) {
            tell(wanted, given); // the sender was interrupted while the message waited for its turn
        }
        surroundings.unpark(feeder);
    }

    @Override
    public void request(long n) {
        if (n < 1) {
            // 1.3: the feeder says so, as signals come one after another
            refusal = new IllegalArgumentException("Reactive Streams 3.9: demand must be positive, not " + n);
        } else {
            demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
        }
        surroundings.unpark(feeder);
    }

    @Override
    public void cancel() {
        cancelled = true;
        subscriber = null; // 3.13: no reference is kept
        surroundings.unpark(feeder);
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
                Flow.Subscriber<? super C> told = subscriber;
                if (told == null) {
                    return false; // cancelled meanwhile
                }
                if (chunk == null) {
                    told.onComplete();
                    return true;
                }
                demand.accumulateAndGet(1, (have, one) -> have == Long.MAX_VALUE ? have : have - one); // 3.17
                told.onNext(chunk);
            }
            return false;
        } catch (Throwable thrown) { // whatever the source throws: the message cannot go on
            fail(thrown);
            throw thrown;
        }
    }

    private void fail(Throwable thrown) {
        failure = thrown; // before it is looked who is there to be told
        Flow.Subscriber<? super C> told = subscriber;
        if (opened && told != null) {
            tell(told, thrown);
        }
    }

    private void tell(Flow.Subscriber<? super C> told, Throwable thrown) {
        if (!cancelled && failed.compareAndSet(false, true)) {
            cancel();
            told.onError(thrown);
        }
    }

    /** Whether a chunk is wanted, not cancelled. */
    private boolean awaitDemand() {
        while (!cancelled && (!opened || (refusal == null && demand.get() == 0))) {
            surroundings.park(this);
            if (feeder.isInterrupted()) {
                throw new WaitInterruptedException("interrupted while sending a message, which cannot be finished");
            }
        }
        Throwable refused = refusal;
        if (refused != null) {
            fail(refused);
        }
        return !cancelled;
    }
}
