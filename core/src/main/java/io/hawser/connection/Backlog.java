// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.WaitInterruptedException;
import io.hawser.waiting.Surroundings;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The bytes that wait to leave one connection, as threads beside its loop see them, and the threads that wait for them to become fewer. A
 * sender's bytes count from the moment it posts them, so that no number of senders can overshoot a mark by more than a message each.
 */
final class Backlog {
    private final Surroundings surroundings;
    private final AtomicLong postedBytes = new AtomicLong();
    private final ConcurrentLinkedQueue<Thread> waiting = new ConcurrentLinkedQueue<>();
    private volatile long takenBytes;

    /** Nothing so far; threads wait in these surroundings. */
    Backlog(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Bytes that were posted to the loop and not taken by it. */
    long postedBytes() {
        return postedBytes.get();
    }

    /** All bytes that wait; as the loop last told it. */
    long bytes() {
        return postedBytes.get() + takenBytes;
    }

    void post(long bytes) {
        postedBytes.addAndGet(bytes);
    }

    // ---- on the loop

    /** The loop has taken a message that was posted. */
    void take(long bytes, long nowTaken) {
        // In this order, so that other threads never see less than there is, and a batch cannot grow without end.
        takenBytes = nowTaken;
        postedBytes.addAndGet(-bytes);
    }

    /** Tells how many bytes wait of those that the loop has taken; wakes who waited if these are few. */
    void update(long nowTaken, long fewBytes) {
        takenBytes = nowTaken;
        if (!waiting.isEmpty() && bytes() <= fewBytes) {
            wakeAll();
        }
    }

    void wakeAll() {
        waiting.forEach(surroundings::unpark);
    }

    // ---- beside the loop

    /**
     * Blocks until few bytes wait.
     *
     * @param askLoop makes the loop {@linkplain #update look} at who waits
     * @throws WaitInterruptedException if the thread is interrupted, whose flag stays set
     */
    void await(long fewBytes, BooleanSupplier ended, Runnable askLoop) {
        Thread self = Thread.currentThread();
        while (bytes() > fewBytes && !ended.getAsBoolean()) {
            waiting.add(self);
            // The loop may have looked before this thread was there.
            askLoop.run();
            // The end may have come before, too, and then nobody wakes it though bytes still wait.
            if (!ended.getAsBoolean()) {
                surroundings.park(this);
            }
            waiting.remove(self);
            if (self.isInterrupted()) {
                throw new WaitInterruptedException("interrupted while waiting to send");
            }
        }
    }
}
