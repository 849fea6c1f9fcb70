// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("L1")
class LimitsTest {
    @Test
    void areChangedOneByOne() {
        assertThat(Limits.DEFAULT).isEqualTo(new Limits(Long.MAX_VALUE, 1 << 20, 4096, 64, 200));
        assertThat(Limits.DEFAULT.withFrameBytes(1).withMessageBytes(2).withFragments(3).withControlFramesPerSecond(4))
                .isEqualTo(new Limits(1, 2, 3, 64, 4));
        assertThat(new Limits(0, 0, 1, 1, 1)).isNotNull();
    }

    @Test
    void nameTheValueThatIsOutOfRange() {
        refuses(() -> Limits.DEFAULT.withFrameBytes(-1), "frameBytes is out of range: -1");
        refuses(() -> Limits.DEFAULT.withMessageBytes(-2), "messageBytes is out of range: -2");
        refuses(() -> Limits.DEFAULT.withFragments(0), "fragments is out of range: 0");
        refuses(() -> new Limits(1, 1, 1, 0, 1), "bytesPerExtraFragment is out of range: 0");
        refuses(() -> Limits.DEFAULT.withControlFramesPerSecond(0), "controlFramesPerSecond is out of range: 0");
    }

    private static void refuses(Runnable change, String message) {
        assertThatIllegalArgumentException().isThrownBy(change::run).withMessage(message);
    }
}
