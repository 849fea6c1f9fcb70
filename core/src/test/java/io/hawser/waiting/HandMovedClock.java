// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.random.RandomGenerator;

/**
 * Surroundings whose time moves when a test says so, on that test's thread; what is to run on a thread of its own runs at once on the one
 * that asks. Threads wait as in the system's. Its instants begin shortly before they overflow, as {@link System#nanoTime} may.
 */
public class HandMovedClock implements Surroundings {
    private static final Instant FIRST_DATE = Instant.parse("2030-01-01T00:00:00Z");
    private static final long FIRST_INSTANT = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

    private record Timer(long elapsed, Runnable task) {}

    private final PriorityBlockingQueue<Timer> timers =
            new PriorityBlockingQueue<>(4, Comparator.comparingLong(Timer::elapsed));
    private final long seed;
    private volatile long elapsed;

    /** A clock at its first date, the beginning of 2030, and chance that begins with a seed. */
    public HandMovedClock(long seed) {
        this.seed = seed;
    }

    /** Whether anything is to run later. */
    public final boolean hasTimers() {
        return !timers.isEmpty();
    }

    /** Lets time pass: each task on the way sees the instant for which it was set. */
    public final void passes(Duration time) {
        long target = elapsed + time.toNanos();
        Timer due = timers.peek();
        while (due != null && due.elapsed() <= target) {
            timers.remove(due);
            elapsed = due.elapsed();
            due.task().run();
            due = timers.peek();
        }
        elapsed = target;
    }

    @Override
    public Instant instant() {
        return FIRST_DATE.plusNanos(elapsed);
    }

    @Override
    public long nanoTime() {
        return FIRST_INSTANT + elapsed;
    }

    @Override
    public Runnable schedule(Runnable task, Duration delay) {
        Timer timer = new Timer(elapsed + delay.toNanos(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public Thread start(String name, Runnable body) {
        body.run();
        return Thread.currentThread();
    }

    @Override
    public void park(Object blocker) {
        Surroundings.ofSystem().park(blocker);
    }

    @Override
    public void unpark(Thread waiting) {
        Surroundings.ofSystem().unpark(waiting);
    }

    @Override
    public void interrupt(Thread running) {
        Surroundings.ofSystem().interrupt(running);
    }

    @Override
    public RandomGenerator newChance() {
        return new SplittableRandom(seed);
    }
}
