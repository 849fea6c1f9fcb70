// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Hands tasks of any thread over to a wire's loop, in order and in batches: the loop is woken once, not once a task. */
final class Mailbox {
    private static final int MAX_BATCH = 1024;

    private final Wire wire;
    private final Owner owner;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** A mailbox of one connection. */
    Mailbox(Wire wire, Owner owner) {
        this.wire = wire;
        this.owner = owner;
    }

    /** Whose tasks are run; called on the loop. */
    interface Owner {
        /** Tasks are about to run. */
        void begin();

        /** A task failed; those behind it run all the same. */
        void failed(Throwable cause);

        /** The tasks of this batch have run. */
        void end();
    }

    void post(Runnable task) {
        tasks.add(task);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            wire.execute(this::drain);
        }
    }

    /** Whether no task waits; on the loop. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    private void drain() {
        // Before the first poll, so that a task added after the last one schedules a new batch.
        scheduled.set(false);
        owner.begin();
        boolean more = true;
        for (int i = 0; i < MAX_BATCH && more; i++) {
            more = runNext();
        }
        owner.end();
        if (more && scheduled.compareAndSet(false, true)) {
            wire.execute(this::drain);
        }
    }

    /** Whether there was a task. */
    private boolean runNext() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        try {
            task.run();
        } catch (Throwable failure) { // of whatever cause: the loop and the other tasks go on
            owner.failed(failure);
        }
        return true;
    }
}
