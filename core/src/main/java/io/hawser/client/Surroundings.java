// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, chance and threads as a reconnecting connection sees them; tests have their own.
 *
 * @param nanoTime as {@link System#nanoTime}
 * @param wallClock what dates are compared with
 * @param timer runs tasks later
 * @param threads runs what may block, each task beside all others
 * @param chance draws the waits; asked by one thread at a time
 */
record Surroundings(
        LongSupplier nanoTime, InstantSource wallClock, Timer timer, Executor threads, RandomGenerator chance) {

    /** Runs tasks later. */
    @FunctionalInterface
    interface Timer {
        /**
         * Runs a task after a time.
         *
         * @return gives it up, unless it has begun
         */
        Runnable schedule(Runnable task, Duration delay);
    }

    /** The system's, with a virtual thread for each task. */
    static Surroundings ofSystem() {
        return new Surroundings(
                System::nanoTime,
                InstantSource.system(),
                Surroundings::schedule,
                Surroundings::startThread,
                new SplittableRandom());
    }

    /** Runs a task later on a virtual thread; by the JDK's own timer, so that no thread waits. */
    static Runnable schedule(Runnable task, Duration delay) {
        CompletableFuture<Boolean> due =
                new CompletableFuture<Boolean>().completeOnTimeout(true, delay.toNanos(), TimeUnit.NANOSECONDS);
        due.thenAccept(now -> {
            if (now) {
                startThread(task);
            }
        });
        return () -> due.complete(false);
    }

    private static void startThread(Runnable task) {
        Thread.ofVirtual().name("hawser-reconnecting").start(task);
    }
}
