// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The system's clock, virtual threads, and the JDK's timer, so that no thread waits for a delay. */
final class SystemSurroundings implements Surroundings {
    static final SystemSurroundings INSTANCE = new SystemSurroundings();

    private SystemSurroundings() {}

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Runnable schedule(Runnable task, Duration delay) {
        CompletableFuture<Boolean> due =
                new CompletableFuture<Boolean>().completeOnTimeout(true, delay.toNanos(), TimeUnit.NANOSECONDS);
        due.thenAccept(now -> {
            if (now) {
                start("hawser-timer", task);
            }
        });
        return () -> due.complete(false);
    }

    @Override
    public Thread start(String name, Runnable body) {
        return Thread.ofVirtual().name(name).start(body);
    }

    @Override
    public void park(Object blocker) {
        LockSupport.park(blocker);
    }

    @Override
    public void unpark(Thread waiting) {
        LockSupport.unpark(waiting);
    }

    @Override
    public void interrupt(Thread running) {
        running.interrupt();
    }

    @Override
    public RandomGenerator newChance() {
        return new SplittableRandom();
    }
}
