// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done in a while, unless something else comes first. To move it costs a look at the clock: the timer behind it stays as it is
 * unless it would come too late, and looks when it comes whether it is time. Confined to its loop.
 */
final class Deadline {
    private final EventExecutor loop;
    private @Nullable Runnable task;
    private long dueNanos;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;

    Deadline(EventExecutor loop) {
        this.loop = loop;
    }

    /** Runs a task after a time, in place of the one that was to be run. */
    void set(long nanos, Runnable late) {
        long now = loop.ticker().nanoTime();
        task = late;
        dueNanos = now + nanos;
        if (timer == null || timerNanos - dueNanos > 0) {
            cancelTimer();
            start(nanos);
        }
    }

    /** There is nothing to be done any more. */
    void clear() {
        task = null;
    }

    /** The same for ever, so that no timer need stay. */
    void end() {
        clear();
        cancelTimer();
    }

    private void start(long nanos) {
        timerNanos = dueNanos;
        timer = loop.schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void onTimer() {
        timer = null;
        Runnable late = task;
        if (late == null) {
            return;
        }
        long left = dueNanos - loop.ticker().nanoTime();
        if (left > 0) {
            start(left);
        } else {
            task = null;
            late.run();
        }
    }
}
