// SPDX-License-Identifier: Apache-2.0

package io.hawser.interleaving;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of a run. It runs while it has the baton; the others stand still meanwhile. */
final class Member {
    final Thread thread;
    private final Run run;
    private final Semaphore baton = new Semaphore(0);
    private @Nullable BooleanSupplier until;
    private boolean permit;
    private boolean done;

    Member(Run run, Thread.Builder builder, Runnable task) {
        this.run = run;
        this.thread = builder.unstarted(() -> {
            baton.acquireUninterruptibly();
            Steps.enter(this);
            try {
                task.run();
            } catch (Throwable failure) { // of whatever cause: it fails the test
                run.fail(failure);
            }
            done = true;
            run.next(this);
        });
    }

    boolean isDone() {
        return done;
    }

    boolean canRun() {
        return !done && (until == null || until.getAsBoolean());
    }

    void giveBaton() {
        baton.release();
    }

    void step() {
        if (run.next(this) != this) {
            baton.acquireUninterruptibly();
        }
    }

    void await(BooleanSupplier wanted) {
        until = wanted;
        step();
        until = null;
    }

    void park() {
        await(() -> permit);
        permit = false;
    }

    /** Whether the thread is one of this run. */
    boolean unpark(Thread wanted) {
        step();
        Member member = run.member(wanted);
        if (member == null) {
            return false;
        }
        member.permit = true;
        return true;
    }

    Thread startAnother(Thread.Builder builder, Runnable task) {
        step();
        return run.start(builder, task).thread;
    }
}
