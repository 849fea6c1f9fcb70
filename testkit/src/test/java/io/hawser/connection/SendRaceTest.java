// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that send while the connection closes, in each way that it can: 20,000 sends each, so 100,000 in all. */
@ExtendWith(EndOfTalks.class)
class SendRaceTest {
    private static final int ROUNDS = 100;

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-42")
    void tellsEachResultOnceHoweverTheConnectionEnds(SendRace.End end) {
        Random chance = new Random(42);
        int told = 0;
        for (int i = 0; i < ROUNDS; i++) {
            SendRace race = new SendRace(end, i % 2 == 0, chance);
            race.run();
            told += race.verify();
        }
        assertThat(told).isEqualTo(20_000);
    }
}
