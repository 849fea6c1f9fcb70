// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Frame;
import io.hawser.protocol.stage.ControlOutput;
import io.hawser.protocol.stage.StageClock;
import java.time.Duration;
import java.util.function.Supplier;

/** Sends a pong at each interval. RFC 6455 5.5.3: an unsolicited pong serves as a heartbeat, and no answer to it is expected. */
final class Heartbeat {
    private final Timeout interval;
    private final Supplier<byte[]> bodies;
    private final ControlOutput output;

    Heartbeat(Duration interval, Supplier<byte[]> bodies, ControlOutput output, StageClock clock) {
        this.interval = new Timeout(interval, clock);
        this.bodies = bodies;
        this.output = output;
        this.interval.start();
    }

    long nanosLeft() {
        return interval.nanosLeft();
    }

    /** Sends a pong if one is due. Of those that have to wait the latest is enough. */
    void expire() {
        if (interval.nanosLeft() <= 0) {
            interval.start();
            output.answer(bytesOf(Frame.pong(bodies.get())));
        }
    }

    /** A copy, whose length the frame has checked. */
    private static byte[] bytesOf(Frame pong) {
        byte[] bytes = new byte[pong.length()];
        pong.payload().get(bytes);
        return bytes;
    }
}
