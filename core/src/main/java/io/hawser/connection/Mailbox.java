// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Hands tasks of any thread over to a wire's loop, in order and in batches: the loop is woken once, not once a task. */
final class Mailbox {
    private static final int MAX_BATCH = 1024;

    private final Wire wire;
    private final Runnable onBatchEnd;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * A mailbox.
     *
     * @param onBatchEnd runs on the loop after each batch
     */
    Mailbox(Wire wire, Runnable onBatchEnd) {
        this.wire = wire;
        this.onBatchEnd = onBatchEnd;
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
        for (int i = 0; i < MAX_BATCH; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                onBatchEnd.run();
                return;
            }
            task.run();
        }
        onBatchEnd.run();
        if (scheduled.compareAndSet(false, true)) {
            wire.execute(this::drain);
        }
    }
}
