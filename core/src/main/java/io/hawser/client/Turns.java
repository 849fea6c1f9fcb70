// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks of any thread one after another, in the order in which they come, without a lock or a thread of its own. Of those that come at
 * the same time, the first has the executor run all; a task that is added by a task runs behind it.
 */
final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final Executor executor;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * No tasks so far.
     *
     * @param executor runs them as long as there are any; {@code Runnable::run} for the thread that adds the first
     */
    Turns(Executor executor) {
        this.executor = executor;
    }

    /** Adds a task. One that fails is logged, and those behind it run all the same. */
    void run(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            executor.execute(this::runAll);
        }
    }

    private void runAll() {
        do {
            runNext();
        } while (waiting.decrementAndGet() != 0);
    }

    private void runNext() {
        try {
            tasks.remove().run();
        } catch (Throwable failure) { // of whatever cause: the other tasks are owed their turn
            LOG.error("a task of a reconnecting connection failed", failure);
        }
    }
}
