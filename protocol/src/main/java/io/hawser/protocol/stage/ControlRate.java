// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;

/** Bounds the control frames that a peer may send in any second, since each costs work that no message limit counts. */
final class ControlRate {
    private static final long SECOND = 1_000_000_000L;
    private static final long[] NONE = {};

    private final int perSecond;
    private final StageClock clock;
    /** When the latest frames came, as a ring; allocated with the first one, as most connections send none. */
    private long[] instants = NONE;

    private long count;

    ControlRate(int perSecond, StageClock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Notes a control frame; throws if it is one too many. */
    void count() {
        if (instants.length == 0) {
            instants = new long[perSecond];
        }
        int slot = (int) (count % perSecond);
        if (count >= perSecond && clock.since(instants[slot]) < SECOND) {
            throw new ProtocolViolation(
                    CloseStatus.POLICY_VIOLATION, "10.4", "more than " + perSecond + " control frames in a second");
        }
        instants[slot] = clock.nanos();
        count++;
    }
}
