// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a peer that has gone is noticed: a ping after a silence, and the connection cut off (1006) if nothing comes back. Or, with {@link
 * #pongs}, only a sign of life at an interval, which nothing answers.
 *
 * @param interval silence after which a ping is sent; zero turns keep-alive off, so that the idle timeout acts; default 20 s
 * @param timeout how long any byte may take to come after the ping; positive; default 20 s. Not used with pongs
 * @param pongs whether a pong is sent at each interval instead of pings, so that the idle timeout judges the peer's silence; default false
 * @param bodies gives the payload of each ping or pong, at most 125 bytes, copied; called on the loop of each connection. Pings that are
 *     unanswered should differ. Null, which is the default, for numbers of eight bytes
 */
public record KeepAlive(
        Duration interval, Duration timeout, boolean pongs, @Nullable Supplier<byte[]> bodies) {
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

    /** Pings with bodies of eight bytes. */
    public KeepAlive(Duration interval, Duration timeout) {
        this(interval, timeout, false, null);
    }

    /** Pongs at an interval, which show the peer, and what stands between, that this side is there (RFC 6455, 5.5.3). */
    public static KeepAlive pongs(Duration interval) {
        return new KeepAlive(interval, DEFAULT, true, null);
    }

    /** This keep-alive with payloads of the caller's own. */
    public KeepAlive withBodies(Supplier<byte[]> supplier) {
        return new KeepAlive(interval, timeout, pongs, Objects.requireNonNull(supplier));
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
