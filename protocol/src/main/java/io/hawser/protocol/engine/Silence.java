// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.stage.ControlOutput;
import io.hawser.protocol.stage.KeepAlive;
import io.hawser.protocol.stage.RoundTrips;
import io.hawser.protocol.stage.StageClock;
import java.util.function.Supplier;
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
    private final @Nullable Heartbeat heartbeat;
    private final Timeout idle;

    Silence(EngineSettings settings, RoundTrips roundTrips, ControlOutput output, StageClock clock) {
        long interval = settings.keepAliveInterval().toNanos();
        long timeout = settings.keepAliveTimeout().toNanos();
        boolean pongs = settings.keepAlivePongs();
        Supplier<byte[]> bodies = settings.keepAliveBodies() == null ? KeepAlive.numbers() : settings.keepAliveBodies();
        keepAlive = interval == 0 || pongs ? null : new KeepAlive(interval, timeout, bodies, roundTrips, clock);
        heartbeat = interval > 0 && pongs ? new Heartbeat(settings.keepAliveInterval(), bodies, output, clock) : null;
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
        long left = keepAlive == null ? idle.nanosLeft() : keepAlive.nanosLeft();
        return heartbeat == null ? left : Math.min(left, heartbeat.nanosLeft());
    }

    /** Judges the silence; sends a ping if one is due. */
    Verdict judge() {
        if (keepAlive != null) {
            return keepAlive.expire() ? Verdict.BEARABLE : Verdict.DEAD;
        }
        if (heartbeat != null) {
            heartbeat.expire();
        }
        return idle.nanosLeft() <= 0 ? Verdict.IDLE : Verdict.BEARABLE;
    }
}
