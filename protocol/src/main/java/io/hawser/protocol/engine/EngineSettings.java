// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Limits;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How an engine behaves. Immutable; start from {@link #DEFAULT} and change what differs.
 *
 * @param limits what the peer may ask of us
 * @param autoPong whether pings are answered by the engine; default true
 * @param keepAliveInterval silence after which a ping is sent; zero turns keep-alive off; default 20 s
 * @param keepAliveTimeout how long any byte may take to come after that ping; default 20 s. Past it: cut off, 1006
 * @param idleTimeout silence after which the connection is closed with 1001 where keep-alive is off; zero for never; default
 *     60 s
 * @param unfinishedMessageTimeout how long a message that is being assembled may get no byte; zero for ever; default 30 s. Past
 *     it: 1008
 * @param noProgressTimeout how long the transport may accept none of the bytes that wait for it; default 30 s. Past it: cut off
 * @param closeTimeout how long the peer's close frame may take after ours was accepted by the transport; default 3 s
 * @param fragmentBytes the longest frame that a whole message leaves in, 1 or more; default {@link Integer#MAX_VALUE}, one frame
 * @param keepAlivePongs whether keep-alive sends a pong at each interval, which nothing answers, so that the idle timeout judges the
 *     peer's silence; default false: pings
 * @param keepAliveBodies gives the payload of each keep-alive frame, at most 125 bytes, different from those that are unanswered;
 *     null for numbers
 * @param deflate how messages are compressed; null if that was not agreed on, which is the default
 */
public record EngineSettings(
        Limits limits,
        boolean autoPong,
        Duration keepAliveInterval,
        Duration keepAliveTimeout,
        Duration idleTimeout,
        Duration unfinishedMessageTimeout,
        Duration noProgressTimeout,
        Duration closeTimeout,
        int fragmentBytes,
        boolean keepAlivePongs,
        @Nullable Supplier<byte[]> keepAliveBodies,
        @Nullable PermessageDeflate deflate) {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /** The defaults. */
    public static final EngineSettings DEFAULT = new EngineSettings(
            Limits.DEFAULT,
            true,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofSeconds(3),
            Integer.MAX_VALUE,
            false,
            null,
            null);

    /** Checks that no time is negative or longer than 292 years, and that those which cannot be turned off are not zero. */
    public EngineSettings {
        requireInRange(keepAliveInterval, "keepAliveInterval");
        requirePositive(keepAliveTimeout, "keepAliveTimeout");
        requireInRange(idleTimeout, "idleTimeout");
        requireInRange(unfinishedMessageTimeout, "unfinishedMessageTimeout");
        requirePositive(noProgressTimeout, "noProgressTimeout");
        requirePositive(closeTimeout, "closeTimeout");
        if (fragmentBytes < 1) {
            throw new IllegalArgumentException("fragmentBytes must be 1 or more, not " + fragmentBytes);
        }
    }

    private static void requirePositive(Duration time, String name) {
        requireInRange(time, name);
        if (time.isZero()) {
            throw new IllegalArgumentException(name + " must be positive");
        }
    }

    private static void requireInRange(Duration time, String name) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + time);
        }
        if (time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must not be longer than 292 years: " + time);
        }
    }

    /** These settings with other limits. */
    public EngineSettings withLimits(Limits other) {
        return new EngineSettings(
                other,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with automatic pongs on or off. */
    public EngineSettings withAutoPong(boolean on) {
        return new EngineSettings(
                limits,
                on,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with another keep-alive; an interval of zero turns it off. */
    public EngineSettings withKeepAlive(Duration interval, Duration timeout) {
        return new EngineSettings(
                limits,
                autoPong,
                interval,
                timeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with another idle timeout; zero for never. */
    public EngineSettings withIdleTimeout(Duration time) {
        return new EngineSettings(
                limits,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                time,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with other bounds on a message that does not go on, and on an output that does not. */
    public EngineSettings withStallTimeouts(Duration unfinishedMessage, Duration noProgress) {
        return new EngineSettings(
                limits,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessage,
                noProgress,
                closeTimeout,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with another close timeout. */
    public EngineSettings withCloseTimeout(Duration time) {
        return new EngineSettings(
                limits,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                time,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with another longest frame of a whole message. */
    public EngineSettings withFragmentBytes(int bytes) {
        return new EngineSettings(
                limits,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                bytes,
                keepAlivePongs,
                keepAliveBodies,
                deflate);
    }

    /** These settings with other keep-alive frames. */
    public EngineSettings withKeepAliveFrames(boolean pongs, @Nullable Supplier<byte[]> bodies) {
        return new EngineSettings(
                limits,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                fragmentBytes,
                pongs,
                bodies,
                deflate);
    }

    /** These settings with the compression that was agreed on; null for none. */
    public EngineSettings withDeflate(@Nullable PermessageDeflate agreed) {
        return new EngineSettings(
                limits,
                autoPong,
                keepAliveInterval,
                keepAliveTimeout,
                idleTimeout,
                unfinishedMessageTimeout,
                noProgressTimeout,
                closeTimeout,
                fragmentBytes,
                keepAlivePongs,
                keepAliveBodies,
                agreed);
    }
}
