// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The waits between attempts to connect: each is drawn evenly from zero to a ceiling, which doubles with every wait up to a bound. Clients
 * that lost their server at the same moment so come back spread over the whole of it. Used by one thread at a time.
 */
final class BackOff {
    private final long firstNanos;
    private final long maxNanos;
    private final RandomGenerator chance;
    private long ceilingNanos;

    /**
     * Waits that begin with the first ceiling.
     *
     * @param first the first ceiling; positive
     * @param max the last one; not below the first
     */
    BackOff(Duration first, Duration max, RandomGenerator chance) {
        this.firstNanos = first.toNanos();
        this.maxNanos = max.toNanos();
        this.chance = chance;
        this.ceilingNanos = firstNanos;
    }

    /** How long to wait now. */
    Duration next() {
        long wait = chance.nextLong(ceilingNanos + 1);
        ceilingNanos = ceilingNanos > maxNanos / 2 ? maxNanos : 2 * ceilingNanos;
        return Duration.ofNanos(wait);
    }

    /** Begins anew with the first ceiling. */
    void reset() {
        ceilingNanos = firstNanos;
    }
}
