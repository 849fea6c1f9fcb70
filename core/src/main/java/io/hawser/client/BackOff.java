// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The waits between attempts to connect: each is drawn evenly from zero to a ceiling, which doubles with every wait up to a bound. Clients
 * that lost their server at the same moment so come back spread over the whole of it. Used by one thread at a time.
 */
final class BackOff {
    /** Which part of the bound waits are spread over that go past it. */
    private static final int SPREAD = 10;

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

    /**
     * How long to wait now.
     *
     * @param asked what a server asks for beside that; zero or more. Past the bound the wait is the bound and up to a tenth of it, drawn
     *     anew: clients that were asked for the same would otherwise come back at the same moment
     */
    Duration next(Duration asked) {
        long drawn = chance.nextLong(ceilingNanos + 1);
        ceilingNanos = ceilingNanos > maxNanos / 2 ? maxNanos : 2 * ceilingNanos;
        Duration wait = asked.plusNanos(drawn);
        return wait.compareTo(Duration.ofNanos(maxNanos)) <= 0
                ? wait
                : Duration.ofNanos(maxNanos + chance.nextLong(maxNanos / SPREAD + 1));
    }

    /** Begins anew with the first ceiling. */
    void reset() {
        ceilingNanos = firstNanos;
    }
}
