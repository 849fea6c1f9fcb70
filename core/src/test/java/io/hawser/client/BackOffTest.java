// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration MAX = Duration.ofSeconds(30);

    @Test
    @Tag("U7")
    void doublesItsCeilingUpToTheBound() {
        List<Duration> ceilings = Stream.of(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L)
                .map(Duration::ofMillis)
                .toList();
        for (int seed = 0; seed < 200; seed++) {
            BackOff backOff = new BackOff(FIRST, MAX, new SplittableRandom(seed));
            for (Duration ceiling : ceilings) {
                assertThat(backOff.next(Duration.ZERO)).isBetween(Duration.ZERO, ceiling);
            }
        }
    }

    /** Each tenth of the range is drawn about as often as any other, so that clients come back spread over all of it. */
    @Test
    @Tag("U7")
    void drawsEvenlyFromTheWholeRange() {
        BackOff backOff = new BackOff(FIRST, MAX, new SplittableRandom(7));
        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            tenths[(int) Math.min(9, backOff.next(Duration.ZERO).toMillis() / 50)]++;
            backOff.reset();
        }
        for (int times : tenths) {
            assertThat(times).isBetween(850, 1150);
        }
    }

    @Test
    void staysAtABoundThatIsTheFirst() {
        BackOff backOff = new BackOff(FIRST, FIRST, new SplittableRandom(3));
        for (int i = 0; i < 1000; i++) {
            assertThat(backOff.next(Duration.ZERO)).isLessThanOrEqualTo(FIRST);
        }
    }

    @Test
    void beginsAnewAfterAReset() {
        BackOff backOff = new BackOff(FIRST, MAX, new SplittableRandom(3));
        for (int i = 0; i < 10; i++) {
            backOff.next(Duration.ZERO);
        }
        backOff.reset();
        assertThat(backOff.next(Duration.ZERO)).isLessThanOrEqualTo(FIRST);
        assertThat(backOff.next(Duration.ZERO)).isLessThanOrEqualTo(FIRST.multipliedBy(2));
    }

    @Test
    void spreadsWhatAServerAsksForPastTheBound() {
        BackOff backOff = new BackOff(FIRST, MAX, new SplittableRandom(5));
        Duration longest = MAX.plus(MAX.dividedBy(10));
        Set<Duration> waits = new HashSet<>();
        for (int client = 0; client < 100; client++) {
            Duration wait = backOff.next(MAX.multipliedBy(client + 1));
            assertThat(wait).isBetween(MAX, longest);
            waits.add(wait);
            backOff.reset();
        }
        assertThat(waits).hasSizeGreaterThan(90);
    }

    @Test
    void addsToWhatAServerAsksForWithinTheBound() {
        BackOff backOff = new BackOff(FIRST, MAX, new SplittableRandom(5));
        assertThat(backOff.next(FIRST)).isBetween(FIRST, FIRST.multipliedBy(2));
    }
}
