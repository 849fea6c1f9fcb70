// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

/** Wakes a connection at its engine's deadline; a deadline that moves back costs nothing, since an early wake-up is harmless. The loop's own. */
final class DeadlineTimer {
    private final Wire wire;
    private final Runnable onDeadline;
    private boolean set;
    private long instant;
    private Runnable cancel = () -> {};

    DeadlineTimer(Wire wire, Runnable onDeadline) {
        this.wire = wire;
        this.onDeadline = onDeadline;
    }

    /** Wakes at this instant of the wire's clock, or before. */
    void setBy(long deadlineNanos) {
        if (set && deadlineNanos - instant >= 0) {
            return;
        }
        cancel.run();
        set = true;
        instant = deadlineNanos;
        cancel = wire.schedule(this::expire, deadlineNanos - wire.nanoTime());
    }

    void cancel() {
        cancel.run();
        set = false;
    }

    private void expire() {
        set = false;
        onDeadline.run();
    }
}
