// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StageClockTest {
    @Test
    void measuresAcrossTheWrapOfItsNumbers() {
        StageClock clock = new StageClock(Long.MAX_VALUE);
        assertThat(clock.nanos()).isEqualTo(Long.MAX_VALUE);
        clock.set(Long.MIN_VALUE + 4);
        assertThat(clock.since(Long.MAX_VALUE)).isEqualTo(5);
        assertThat(clock.since(Long.MIN_VALUE)).isEqualTo(4);
    }
}
