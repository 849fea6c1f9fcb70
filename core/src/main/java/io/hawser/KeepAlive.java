// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.time.Duration;

/**
 * How a peer that has gone is noticed: a ping after a silence, and the connection cut off (1006) if nothing comes back.
 *
 * @param interval silence after which a ping is sent; zero turns keep-alive off, so that the idle timeout acts; default 20 s
 * @param timeout how long any byte may take to come after the ping; positive; default 20 s
 */
public record KeepAlive(Duration interval, Duration timeout) {
    private static final Duration DEFAULT = Duration.ofSeconds(20);

    /** Checks the ranges above. */
    public KeepAlive {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("keep-alive interval must not be negative: " + interval);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("keep-alive timeout must be positive: " + timeout);
        }
    }

    /** A ping after so long a silence, and the default timeout. */
    public static KeepAlive after(Duration interval) {
        return new KeepAlive(interval, DEFAULT);
    }

    /** No pings: a silent peer is closed after the idle timeout instead. */
    public static KeepAlive off() {
        return new KeepAlive(Duration.ZERO, DEFAULT);
    }
}
