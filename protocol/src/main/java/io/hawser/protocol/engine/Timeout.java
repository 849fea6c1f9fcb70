// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.stage.StageClock;
import java.time.Duration;

/** How long something may take, once it has begun. */
final class Timeout {
    private final long nanos;
    private final StageClock clock;
    private boolean running;
    private long startNanos;

    /**
     * A timeout that does not run yet.
     *
     * @param time zero for one that never comes
     */
    Timeout(Duration time, StageClock clock) {
        this.nanos = time.toNanos();
        this.clock = clock;
    }

    /** Begins anew, now. */
    void start() {
        running = true;
        startNanos = clock.nanos();
    }

    void stop() {
        running = false;
    }

    boolean isRunning() {
        return running;
    }

    /** 0 or less if it is over; {@link StageClock#NEVER} if it does not run. */
    long nanosLeft() {
        return running && nanos > 0 ? nanos - clock.since(startNanos) : StageClock.NEVER;
    }
}
