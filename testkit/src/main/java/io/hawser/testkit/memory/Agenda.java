// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the loop of a world is to do, now and at later instants, and the clock that this moves. Any thread may add to it. */
final class Agenda {
    /** A century: longer delays come then, so that all instants can be compared. */
    static final long LONGEST_NANOS = Duration.ofDays(36_500).toNanos();
    /** Shortly before instants overflow, as {@link System#nanoTime} may. */
    static final long FIRST_INSTANT = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

    private final ReentrantLock lock;
    private final Condition changed;
    private final @Nullable RandomGenerator order;

    // Guarded by the lock
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Timer.BY_INSTANT);
    private long timersMade;

    private volatile long nanos = FIRST_INSTANT;

    /** What is to be done at an instant; of those with the same one by number. */
    private record Timer(long instant, long number, Runnable task) {
        // By difference, since instants overflow.
        static final Comparator<Timer> BY_INSTANT = (one, other) -> one.instant == other.instant
                ? Long.compare(one.number, other.number)
                : Long.compare(one.instant - other.instant, 0);
    }

    /**
     * Nothing so far.
     *
     * @param lock guards all that is here; held by whoever calls what is said to need it
     * @param changed is signalled when there is something to do
     * @param order draws which of the timers with one instant comes first; null for the one that was set first
     */
    Agenda(ReentrantLock lock, Condition changed, @Nullable RandomGenerator order) {
        this.lock = lock;
        this.changed = changed;
        this.order = order;
    }

    ReentrantLock lock() {
        return lock;
    }

    Condition changed() {
        return changed;
    }

    // ---- for any thread

    long nanoTime() {
        return nanos;
    }

    /** Adds what is to be done now, behind what is there. */
    void add(Runnable task) {
        lock.lock();
        try {
            tasks.add(task);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds what is to be done after a time; returns how to cancel that. */
    Runnable add(Runnable task, long delayNanos) {
        lock.lock();
        try {
            long number = order == null ? timersMade++ : order.nextLong();
            Timer timer = new Timer(nanos + Math.clamp(delayNanos, 0, LONGEST_NANOS), number, task);
            timers.add(timer);
            changed.signalAll();
            return () -> remove(timer);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Timer timer) {
        lock.lock();
        try {
            timers.remove(timer);
        } finally {
            lock.unlock();
        }
    }

    /** Moves the clock, never back. */
    void moveTo(long instant) {
        lock.lock();
        try {
            nanos = instant - nanos > 0 ? instant : nanos;
        } finally {
            lock.unlock();
        }
    }

    int timers() {
        lock.lock();
        try {
            return timers.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- for the one who drives, under the lock

    /** Whether there is something to do now, timers aside. */
    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** How many of tasks and timers could be next: up to two, the first of each. */
    int choices() {
        return (tasks.isEmpty() ? 0 : 1) + (isTimerDue() ? 1 : 0);
    }

    private boolean isTimerDue() {
        Timer first = timers.peek();
        return first != null && first.instant - nanos <= 0;
    }

    /** Takes what is to be done next, and moves the clock to its instant; null if nothing is up to the deadline. */
    @Nullable Runnable take(long deadline) {
        boolean timersTurn = order != null && isTimerDue() && order.nextBoolean();
        Runnable task = timersTurn ? null : tasks.poll();
        if (task != null) {
            return task;
        }
        Timer first = timers.peek();
        if (first == null || first.instant - deadline > 0) {
            return null;
        }
        timers.remove();
        moveTo(first.instant);
        return first.task;
    }

}
