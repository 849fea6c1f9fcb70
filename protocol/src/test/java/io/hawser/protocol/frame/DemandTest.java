// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DemandTest {
    private final Demand demand = new Demand();

    @Test
    void isOpenForAsManyPiecesAsWereAdded() {
        assertThat(demand.isOpen()).isFalse();
        demand.add(1);
        demand.add(1);
        demand.take();
        assertThat(demand.isOpen()).isTrue();
        demand.take();
        assertThat(demand.isOpen()).isFalse();
    }

    @Test
    void saturatesAndIsThenNeverUsedUp() {
        demand.add(Long.MAX_VALUE - 1);
        demand.add(2);
        demand.take();
        demand.add(Long.MAX_VALUE);
        for (int i = 0; i < 10; i++) {
            demand.take();
        }
        assertThat(demand.isOpen()).isTrue();
    }

    @Test
    void refusesToShrink() {
        assertThatIllegalArgumentException().isThrownBy(() -> demand.add(0)).withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> demand.add(-3)).withMessageContaining("-3");
    }
}
