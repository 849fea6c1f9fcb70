// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

/**
 * The time as the engine was last told it, in nanoseconds of the caller's monotonic clock. Instants may be negative and wrap,
 * so they are compared by their difference.
 */
public final class StageClock {
    /** The deadline that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private long nanos;

    /** A clock that stands at this instant. */
    public StageClock(long nanos) {
        this.nanos = nanos;
    }

    /** The present instant. */
    public long nanos() {
        return nanos;
    }

    /** Moves the clock. */
    public void set(long instant) {
        nanos = instant;
    }

    /** How long ago an instant was. */
    public long since(long instant) {
        return nanos - instant;
    }
}
