// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.testkit.memory.World;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The event loop of a conversation and its clock, as the test's thread drives them. */
final class TalkLoop {
    /** Far above what any test takes: it ends one that would wait for ever. */
    private static final Duration HANG_GUARD = Duration.ofSeconds(30);

    private final World world = new World(0, HANG_GUARD, TalkLoop::waits, /* holdForPromises= */ false);

    /** What a test holds back is no reason to wait; what it has let go is. */
    private static boolean waits(Thread handler) {
        return switch (handler.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED -> true;
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    TalkLoop() {
        EndOfTalks.expect(world);
    }

    World world() {
        return world;
    }

    /** Does something as the loop does, and leaves what that brings about for later. */
    void runOnLoop(Runnable task) {
        world.onLoop(task);
    }

    /** Has something done on the loop, whenever that goes on; any thread may call it. */
    void execute(Runnable task) {
        world.execute(task);
    }

    /** Sleeps until there is something to do; with the clock, all else stands still. */
    void awaitTask() {
        world.awaitTask();
    }

    /** Whether any timer is set. */
    boolean hasTimers() {
        return world.timers() > 0;
    }

    /** Runs all that can happen while the clock stands still. */
    void run() {
        world.settle();
    }

    /** Runs one task, or gives a handler one turn. */
    void runOne() {
        boolean[] looked = new boolean[1];
        world.await(
                () -> {
                    boolean before = looked[0];
                    looked[0] = true;
                    return before;
                },
                Duration.ZERO);
    }

    /** Lets time pass: each timer on the way sees the instant for which it was set. */
    void advance(Duration time) {
        world.advance(time);
    }

    /** Runs all that can happen, and what other threads bring about, until something is so; the clock stands still. */
    void await(String what, BooleanSupplier until) {
        run();
        awaitNext(what, until);
    }

    /** As {@link #await}, but goes no further than to what is waited for. */
    void awaitNext(String what, BooleanSupplier until) {
        long start = System.nanoTime();
        while (!world.await(until, Duration.ZERO)) {
            if (System.nanoTime() - start > HANG_GUARD.toNanos()) {
                throw new AssertionError("this never came: " + what);
            }
        }
    }

    /** Waits until a thread waits inside Hawser, or has ended. */
    void awaitParked(Thread thread) {
        await(thread + " waits", () -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> LockSupport.getBlocker(thread) != null;
            case TERMINATED -> true;
            case NEW, RUNNABLE, BLOCKED -> false;
        });
    }
}
