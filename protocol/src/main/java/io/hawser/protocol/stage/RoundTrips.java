// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.Frame;
import io.hawser.protocol.SendCallback;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Matches pongs with the pings that we sent and measures the time between (RFC 6455, 5.5.2 and 5.5.3). A pong answers its ping
 * and all earlier ones, since a peer may answer only the latest. Control frames that answer nothing are counted against the
 * rate.
 */
public final class RoundTrips implements ControlSink {
    private static final int MAX_OUTSTANDING = 256;

    private final ControlOutput output;
    private final StageClock clock;
    private final ControlRate rate;
    private final ControlSink next;
    private final ArrayDeque<Ping> outstanding = new ArrayDeque<>(2);

    /**
     * Round trips of one connection.
     *
     * @param output where pings go
     * @param clock the time
     * @param controlFramesPerSecond how many unasked control frames are taken in any second
     * @param next takes every control frame but the pongs to hidden pings
     */
    public RoundTrips(ControlOutput output, StageClock clock, int controlFramesPerSecond, ControlSink next) {
        this.output = output;
        this.clock = clock;
        this.rate = new ControlRate(controlFramesPerSecond, clock);
        this.next = next;
    }

    /**
     * Sends a ping. Of more than 256 that are unanswered the oldest is forgotten.
     *
     * @param frame the ping
     * @param hidden whether its pong is kept from the application
     * @param callback told what became of the ping, if not null
     * @param onPong gets the round-trip time in nanoseconds, from the moment the transport accepted the ping
     */
    public void ping(Frame frame, boolean hidden, @Nullable SendCallback callback, LongConsumer onPong) {
        Ping ping = new Ping(frame.payload(), hidden, onPong, clock.nanos());
        if (outstanding.size() == MAX_OUTSTANDING) {
            outstanding.removeFirst();
        }
        outstanding.addLast(ping);
        output.control(frame, accepted -> {
            ping.sentNanos = clock.nanos();
            if (callback != null) {
                callback.onDone(accepted);
            }
        });
    }

    @Override
    public void onPing(byte[] payload) {
        rate.count();
        next.onPing(payload);
    }

    @Override
    public void onPong(byte[] payload) {
        Ping answered = null;
        ByteBuffer wanted = ByteBuffer.wrap(payload);
        for (Ping ping : outstanding) {
            if (ping.payload.equals(wanted)) {
                answered = ping;
                break;
            }
        }
        if (answered == null) {
            rate.count();
            next.onPong(payload);
            return;
        }
        for (Ping ping : removeUpTo(answered)) {
            ping.onPong.accept(clock.since(ping.sentNanos));
        }
        if (!answered.hidden) {
            next.onPong(payload);
        }
    }

    /** Removed before anyone is told, who may send further pings. */
    private List<Ping> removeUpTo(Ping last) {
        List<Ping> removed = new ArrayList<>(1);
        Ping ping;
        do {
            ping = outstanding.removeFirst();
            removed.add(ping);
        } while (ping != last);
        return removed;
    }

    @Override
    public void onClose(byte[] payload) {
        next.onClose(payload);
    }

    private static final class Ping {
        final ByteBuffer payload;
        final boolean hidden;
        final LongConsumer onPong;
        long sentNanos;

        Ping(ByteBuffer payload, boolean hidden, LongConsumer onPong, long sentNanos) {
            this.payload = payload;
            this.hidden = hidden;
            this.onPong = onPong;
            this.sentNanos = sentNanos;
        }
    }
}
