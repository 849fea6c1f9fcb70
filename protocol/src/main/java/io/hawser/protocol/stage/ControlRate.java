// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;

/**
 * Bounds the control frames that a peer may send in any second, since each costs work that no message limit counts. It holds
 * an instant for each frame of the last second, however high the bound.
 */
final class ControlRate {
    private static final long SECOND = 1_000_000_000L;
    private static final int FIRST_CAPACITY = 8;
    private static final long[] NONE = {};

    private final int perSecond;
    private final StageClock clock;
    /** When the latest frames came, as a ring; allocated with the first one, as most connections send none. */
    private long[] instants = NONE;

    private int oldest;
    private int count;

    ControlRate(int perSecond, StageClock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Notes a control frame; throws if it is one too many. */
    void count() {
        while (count > 0 && clock.since(instants[oldest]) >= SECOND) {
            oldest = slot(1);
            count--;
        }
        if (count == perSecond) {
            throw new ProtocolViolation(
                    CloseStatus.POLICY_VIOLATION, "10.4", "more than " + perSecond + " control frames in a second");
        }
        if (count == instants.length) {
            grow();
        }
        instants[slot(count)] = clock.nanos();
        count++;
    }

    /** How many instants there is room for. */
    int capacity() {
        return instants.length;
    }

    private int slot(int behindOldest) {
        return (int) (((long) oldest + behindOldest) % instants.length);
    }

    private void grow() {
        long[] larger = new long[(int) Math.min(perSecond, Math.max(FIRST_CAPACITY, 2L * count))];
        for (int i = 0; i < count; i++) {
            larger[i] = instants[slot(i)];
        }
        instants = larger;
        oldest = 0;
    }
}
