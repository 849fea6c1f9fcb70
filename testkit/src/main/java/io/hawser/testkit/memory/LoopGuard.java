// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends a task that blocks the loop. As the loop is the test's own thread, nobody else could: the thread is interrupted, and the test fails.
 * It looks now and then, on the JDK's timer, while a test is driven.
 */
final class LoopGuard {
    private final ReentrantLock lock = new ReentrantLock();
    private final long patienceNanos;

    // Guarded by the lock
    private @Nullable Thread busy;
    private long busySince;
    private boolean driven;
    private boolean looking;
    private @Nullable Stuck blocked;

    /**
     * A guard.
     *
     * @param patienceNanos how long, of real time, a task may take
     */
    LoopGuard(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** From now on, or no longer, a thread drives. */
    void drive(boolean on) {
        lock.lock();
        try {
            driven = on;
            if (on && !looking) {
                looking = true;
                lookLater();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a task on the calling thread.
     *
     * @throws Stuck if it took too long, and was interrupted
     */
    void run(Runnable task) {
        begin();
        try {
            task.run();
        } finally {
            end();
        }
    }

    private void begin() {
        lock.lock();
        try {
            busy = Thread.currentThread();
            busySince = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            busy = null;
            Stuck failure = blocked;
            if (failure != null) {
                blocked = null;
                Thread.interrupted(); // ours
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void lookLater() {
        CompletableFuture.delayedExecutor(patienceNanos / 2, TimeUnit.NANOSECONDS).execute(this::look);
    }

    private void look() {
        lock.lock();
        try {
            looking = driven;
            Thread loop = busy;
            if (loop != null && blocked == null && System.nanoTime() - busySince > patienceNanos) {
                blocked = new Stuck("a handler has blocked the event loop for " + TimeUnit.NANOSECONDS.toMillis(patienceNanos)
                        + " ms, TestOptions.patience, and all its connections with it; use the direct face or a thread of your own:"
                        + Crew.stackOf(loop));
                loop.interrupt();
            }
            if (looking) {
                lookLater();
            }
        } finally {
            lock.unlock();
        }
    }
}
