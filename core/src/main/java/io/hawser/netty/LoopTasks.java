// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.connection.LoopWatch;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that other threads have for one event loop, of all its connections. The loop is woken once for a batch; and before it takes the
 * batch it gives way once, so that senders which share its processor can add theirs instead of waking it again for each.
 */
final class LoopTasks {
    private static final Logger LOG = LoggerFactory.getLogger(LoopTasks.class);
    private static final FastThreadLocal<LoopTasks> OF_LOOP = new FastThreadLocal<>();

    private final EventLoop loop;
    private final LoopWatch watch = new LoopWatch(Thread.currentThread());
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** Threads to wake at the end of the round; the loop's own. */
    private ArrayList<Thread> sleepers = new ArrayList<>();

    private LoopTasks(EventLoop loop) {
        this.loop = loop;
    }

    /** The tasks of this loop, which is the calling thread's. */
    static LoopTasks of(EventLoop loop) {
        LoopTasks tasks = OF_LOOP.getIfExists();
        if (tasks == null) {
            tasks = new LoopTasks(loop);
            OF_LOOP.set(tasks);
        }
        return tasks;
    }

    /** Where it is noted what this loop is busy with. */
    LoopWatch watch() {
        return watch;
    }

    /** Runs a task on the loop; any thread may call it. */
    void execute(Runnable task) {
        if (loop.inEventLoop()) {
            loop.execute(task); // in a later turn; there is nobody to give way to
            return;
        }
        tasks.add(task);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this::runBatch);
            } catch (RejectedExecutionException e) {
                runAll(); // the loop has ended, and nobody else touches its connections
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint that saves switches on a busy processor; nothing relies on it
    private void runBatch() {
        Thread.yield();
        runAll();
    }

    private void runAll() {
        // Before the first poll, so that a task added after the last one schedules a new batch.
        scheduled.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (Throwable failure) { // of one connection: those of the others behind it must run all the same
                LOG.error("a task of a connection failed on its event loop", failure);
            }
        }
    }

    /**
     * Wakes a thread when the events of this round are through; on the loop. Several are woken by one virtual thread among them: woken from
     * here one by one, each would take the processor away from the loop.
     */
    void wake(Thread sleeper) {
        if (sleepers.isEmpty()) {
            loop.execute(this::wakeAll);
        }
        sleepers.add(sleeper);
    }

    private void wakeAll() {
        List<Thread> waking = sleepers;
        if (waking.size() == 1) {
            LockSupport.unpark(waking.get(0));
            waking.clear();
        } else {
            sleepers = new ArrayList<>();
            Thread.ofVirtual().name("hawser-waker").start(() -> waking.forEach(LockSupport::unpark));
        }
    }
}
