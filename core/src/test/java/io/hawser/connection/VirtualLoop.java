// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * An event loop that runs on the thread that made it, when that thread says so, and whose clock moves when it is told
 * to. Other threads may hand over tasks and timers. Its instants begin a few seconds before they overflow, as {@link
 * System#nanoTime} may.
 */
final class VirtualLoop {
    /** Far above what any test takes: it ends one that would wait for ever. */
    private static final Duration HANG_GUARD = Duration.ofSeconds(30);

    private static final long FIRST_INSTANT = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

    /** A century: longer delays come then, so that all instants can be compared. */
    private static final long LONGEST_NANOS = Duration.ofDays(36_500).toNanos();

    private final Thread thread = Thread.currentThread();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityBlockingQueue<Timer> timers = new PriorityBlockingQueue<>(4, Timer.BY_INSTANT);
    private final AtomicLong timersMade = new AtomicLong();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private volatile long nanos = FIRST_INSTANT;

    boolean inLoop() {
        return Thread.currentThread().equals(thread);
    }

    long nanoTime() {
        return nanos;
    }

    void execute(Runnable task) {
        wakeUps.incrementAndGet();
        tasks.add(task);
        LockSupport.unpark(thread);
    }

    /** How many tasks were handed over in all. */
    int wakeUps() {
        return wakeUps.get();
    }

    /** Whether a task waits. */
    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    Runnable schedule(Runnable task, long delayNanos) {
        Timer timer = new Timer(nanos + Math.clamp(delayNanos, 0, LONGEST_NANOS), timersMade.incrementAndGet(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Whether any timer is set. */
    boolean hasTimers() {
        return !timers.isEmpty();
    }

    /** Runs what was handed over, and what that hands over in turn. */
    void run() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
        Timer due = timers.peek();
        if (due != null && due.instant - nanos <= 0 && timers.remove(due)) {
            due.task.run();
            run();
        }
    }

    /** Runs one task, if there is one. */
    void runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
    }

    /** Lets time pass: each timer on the way sees the instant for which it was set. */
    void advance(Duration time) {
        long target = nanos + time.toNanos();
        run();
        Timer next;
        while ((next = timers.peek()) != null && next.instant - target <= 0) {
            nanos = next.instant;
            run();
        }
        nanos = target;
        run();
    }

    /** Runs what other threads hand over until something is so; the clock stands still. */
    void await(String what, BooleanSupplier until) {
        long start = System.nanoTime();
        run();
        while (!until.getAsBoolean()) {
            if (System.nanoTime() - start > HANG_GUARD.toNanos()) {
                throw new AssertionError("this never came: " + what);
            }
            LockSupport.parkNanos(this, 100_000);
            run();
        }
    }

    /** Waits until a thread waits inside Hawser, or has ended. */
    void awaitParked(Thread handler) {
        await(handler + " waits", () -> switch (handler.getState()) {
            case WAITING -> LockSupport.getBlocker(handler) != null;
            case TERMINATED -> true;
            case NEW, RUNNABLE, BLOCKED, TIMED_WAITING -> false;
        });
    }

    /** As {@link #awaitParked}, and runs nothing meanwhile. */
    void awaitParkedInSilence(Thread handler, BooleanSupplier until) {
        long start = System.nanoTime();
        while (!until.getAsBoolean() || handler.getState() != Thread.State.WAITING) {
            if (System.nanoTime() - start > HANG_GUARD.toNanos()) {
                throw new AssertionError(handler + " does not wait");
            }
            LockSupport.parkNanos(this, 100_000);
        }
    }

    private record Timer(long instant, long number, Runnable task) {
        // By difference, since instants overflow.
        static final Comparator<Timer> BY_INSTANT = (one, other) -> one.instant == other.instant
                ? Long.compare(one.number, other.number)
                : Long.compare(one.instant - other.instant, 0);
    }
}
