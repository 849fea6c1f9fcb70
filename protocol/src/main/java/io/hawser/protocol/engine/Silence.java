// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.stage.KeepAlive;
import io.hawser.protocol.stage.RoundTrips;
import io.hawser.protocol.stage.StageClock;
import org.jspecify.annotations.Nullable;

/** What a peer's silence leads to: pings where keep-alive is on, the end of patience where it is off. */
final class Silence {
    /** What is to be done about it. */
    enum Verdict {
        BEARABLE,
        /** Nothing came for the idle timeout. */
        IDLE,
        /** Not even a pong came. */
        DEAD
    }

    private final @Nullable KeepAlive keepAlive;
    private final Timeout idle;

    Silence(EngineSettings settings, RoundTrips roundTrips, StageClock clock) {
        long interval = settings.keepAliveInterval().toNanos();
        long timeout = settings.keepAliveTimeout().toNanos();
        keepAlive = interval == 0 ? null : new KeepAlive(interval, timeout, roundTrips, clock);
        idle = new Timeout(settings.idleTimeout(), clock);
        idle.start();
    }

    /** The peer is heard, or was not listened to until now. */
    void breakOff() {
        idle.start();
        if (keepAlive != null) {
            keepAlive.onActivity();
        }
    }

    long nanosLeft() {
        return keepAlive == null ? idle.nanosLeft() : keepAlive.nanosLeft();
    }

    /** Judges the silence; sends a ping if one is due. */
    Verdict judge() {
        if (keepAlive != null) {
            return keepAlive.expire() ? Verdict.BEARABLE : Verdict.DEAD;
        }
        return idle.nanosLeft() <= 0 ? Verdict.IDLE : Verdict.BEARABLE;
    }
}
