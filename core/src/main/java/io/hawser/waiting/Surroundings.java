// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Time, threads and chance as the connections of one network see them: the system's, or those of a test, whose time passes only when
 * nothing is left to do. Any thread may call it.
 */
public interface Surroundings extends InstantSource {
    /** The system's. */
    static Surroundings ofSystem() {
        return SystemSurroundings.INSTANCE;
    }

    /** Those that the calling thread belongs to; the system's, unless a test has begun it. */
    static Surroundings current() {
        return Belonging.of(Thread.currentThread());
    }

    /** Whether the calling thread is an event loop of theirs, which must not wait. */
    default boolean isOnLoop() {
        return false;
    }

    /** The present instant for what is measured; as {@link System#nanoTime}, it may overflow. */
    long nanoTime();

    /**
     * Runs a task after a time, on a thread of its own, so it may block.
     *
     * @return gives it up, unless it has begun
     */
    Runnable schedule(Runnable task, Duration delay);

    /** Begins a virtual thread. */
    Thread start(String name, Runnable body);

    /**
     * Blocks the calling thread until it is {@linkplain #unpark woken} or interrupted, or for no reason; at once if it was woken before.
     *
     * @param blocker what is waited for, for those who look at the thread
     */
    void park(Object blocker);

    /** Wakes a thread that is {@linkplain #park parked} here, or the next time that it wants to be. */
    void unpark(Thread waiting);

    /** Interrupts a thread. */
    void interrupt(Thread running);

    /** Chance, for what need not be secret; asked by one thread at a time. */
    RandomGenerator newChance();

    /** The application has promised this, from wherever: until it is there, a test's time stands still. */
    default void holdFor(CompletionStage<?> promised) {}

    /** The application's code failed; for whoever shows that beside the log. */
    default void onFailure(Throwable failure) {}
}
