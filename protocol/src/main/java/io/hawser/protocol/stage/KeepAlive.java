// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.Frame;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Notices a peer that has gone: pings after a silence, and calls the connection dead if nothing at all comes back in time. The
 * time runs from the moment the transport accepted the ping, so that our own slow output kills nobody.
 */
public final class KeepAlive {
    private final long intervalNanos;
    private final long timeoutNanos;
    private final Supplier<byte[]> bodies;
    private final RoundTrips roundTrips;
    private final StageClock clock;
    private long pings;
    private boolean pinged;
    private boolean pingAccepted;
    private long pingAcceptedNanos;
    private long receivedNanos;

    /**
     * Keep-alive of one connection.
     *
     * @param intervalNanos the silence after which a ping is sent
     * @param timeoutNanos how long any byte may take to come after it
     * @param bodies gives the payload of each ping; what it gives is copied
     * @param roundTrips sends the pings and hides their pongs
     * @param clock the time
     */
    public KeepAlive(long intervalNanos, long timeoutNanos, Supplier<byte[]> bodies, RoundTrips roundTrips, StageClock clock) {
        this.intervalNanos = intervalNanos;
        this.timeoutNanos = timeoutNanos;
        this.bodies = bodies;
        this.roundTrips = roundTrips;
        this.clock = clock;
        this.receivedNanos = clock.nanos();
    }

    /** Bodies of eight bytes that count up from 1. */
    public static Supplier<byte[]> numbers() {
        long[] given = {0};
        return () -> ByteBuffer.allocate(Long.BYTES).putLong(++given[0]).array();
    }

    /** Bytes came, or reading goes on after it was held: the silence begins anew. */
    public void onActivity() {
        receivedNanos = clock.nanos();
        pinged = false;
    }

    /** How long until this must be looked at again, in nanoseconds; 0 or less if that is now. */
    public long nanosLeft() {
        if (!pinged) {
            return intervalNanos - clock.since(receivedNanos);
        }
        return pingAccepted ? timeoutNanos - clock.since(pingAcceptedNanos) : StageClock.NEVER;
    }

    /** Sends a ping if one is due. Returns false if the peer is gone. */
    public boolean expire() {
        if (nanosLeft() > 0) {
            return true;
        }
        if (pinged) {
            return false;
        }
        pinged = true;
        pingAccepted = false;
        long number = ++pings;
        roundTrips.ping(Frame.ping(bodies.get()), true, accepted -> onPingSent(number), roundTrip -> {});
        return true;
    }

    private void onPingSent(long number) {
        if (number == pings) {
            pingAccepted = true;
            pingAcceptedNanos = clock.nanos();
        }
    }
}
