// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.protocol.ProtocolViolation;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("hostile-35")
class ControlRateTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Long.MAX_VALUE - 5;
    private final StageClock clock = new StageClock(START);

    @Test
    void takesAsManyAsAreAllowedInAnyOneSecond() {
        ControlRate rate = new ControlRate(20, clock);
        count(rate, 20);
        at(SECOND - 1);
        assertThat(isRefused(rate)).isTrue();
        at(SECOND);
        count(rate, 20);
        assertThat(isRefused(rate)).isTrue();
    }

    @Test
    void countsASecondFromAnyInstant() {
        ControlRate rate = new ControlRate(3, clock);
        for (int i = 0; i < 50; i++) {
            at(i * (SECOND / 2 - 1));
            assertThat(isRefused(rate)).isFalse();
        }
        assertThat(isRefused(rate)).isTrue();
    }

    @Test
    void saysWhatWasTooMuch() {
        ControlRate rate = new ControlRate(1, clock);
        rate.count();
        ProtocolViolation fault = catchThrowableOfType(ProtocolViolation.class, rate::count);
        assertThat(fault).hasMessage("more than 1 control frames in a second");
        assertThat(fault.status().code()).isEqualTo(1008);
    }

    @Test
    void allocatesForTheFramesOfASecondHoweverHighTheBound() {
        ControlRate rate = new ControlRate(Integer.MAX_VALUE, clock);
        count(rate, 100_000);
        assertThat(rate.capacity()).isLessThan(200_000);
    }

    @Test
    void agreesWithAListOfAllInstants() {
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < 200; run++) {
            int bound = random.nextInt(1, 40);
            ControlRate rate = new ControlRate(bound, clock);
            ArrayDeque<Long> taken = new ArrayDeque<>();
            for (int i = 0; i < 300; i++) {
                clock.set(clock.nanos() + random.nextLong(SECOND / 10));
                taken.removeIf(instant -> clock.nanos() - instant >= SECOND);
                boolean refused = isRefused(rate);
                assertThat(refused).isEqualTo(taken.size() == bound);
                if (!refused) {
                    taken.add(clock.nanos());
                }
            }
        }
    }

    private void at(long sinceStart) {
        clock.set(START + sinceStart);
    }

    private static void count(ControlRate rate, int times) {
        for (int i = 0; i < times; i++) {
            rate.count();
        }
    }

    private static boolean isRefused(ControlRate rate) {
        try {
            rate.count();
            return false;
        } catch (ProtocolViolation tooMany) {
            return true;
        }
    }
}
