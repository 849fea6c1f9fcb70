// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

class CompressionTest {
    @Test
    void beginsWithTheDefaultsThatAreDocumented() {
        Compression on = Compression.on();
        assertThat(on.enabled()).isTrue();
        assertThat(on.memoryBytes()).isEqualTo(64 << 20);
        assertThat(on.policy().level()).isEqualTo(1);
        assertThat(on.policy().thresholdBytes()).isEqualTo(256);
        assertThat(on.policy().chosen().test(Opcode.BINARY, ByteBuffer.allocate(0))).isTrue();
        assertThat(on.policy().outgoingContext()).isTrue();
        assertThat(on.policy().incomingContext()).isTrue();
        assertThat(on.policy().outgoingWindowBits()).isEqualTo(15);
        assertThat(on.policy().incomingWindowBits()).isEqualTo(15);
        assertThat(Compression.off().enabled()).isFalse();
    }

    @Test
    void keepsWhatWasSetBeforeAndLeavesTheOriginal() {
        BiPredicate<Opcode, ByteBuffer> texts = (opcode, payload) -> opcode == Opcode.TEXT;
        Compression changed = Compression.on()
                .level(9)
                .thresholdBytes(0)
                .only(texts)
                .outgoingContext(false)
                .incomingContext(false)
                .outgoingWindowBits(8)
                .incomingWindowBits(9)
                .memoryBytes(0);
        assertThat(changed.enabled()).isTrue();
        assertThat(changed.policy().level()).isEqualTo(9);
        assertThat(changed.policy().thresholdBytes()).isZero();
        assertThat(changed.policy().chosen()).isSameAs(texts);
        assertThat(changed.policy().outgoingContext()).isFalse();
        assertThat(changed.policy().incomingContext()).isFalse();
        assertThat(changed.policy().outgoingWindowBits()).isEqualTo(8);
        assertThat(changed.policy().incomingWindowBits()).isEqualTo(9);
        assertThat(changed.memoryBytes()).isZero();
        assertThat(Compression.on().policy().level()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsOutsideItsRange() {
        Compression on = Compression.on();
        assertThatIllegalArgumentException().isThrownBy(() -> on.level(0)).withMessage("level must be 1 to 9, not 0");
        assertThatIllegalArgumentException().isThrownBy(() -> on.level(10)).withMessage("level must be 1 to 9, not 10");
        assertThatIllegalArgumentException().isThrownBy(() -> on.thresholdBytes(-1)).withMessage("thresholdBytes must not be negative, not -1");
        assertThatIllegalArgumentException().isThrownBy(() -> on.outgoingWindowBits(7)).withMessage("outgoingWindowBits must be 8 to 15, not 7");
        assertThatIllegalArgumentException().isThrownBy(() -> on.incomingWindowBits(16)).withMessage("incomingWindowBits must be 8 to 15, not 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on.memoryBytes(-1))
                .withMessage("memoryBytes must be 0 or more, not -1; Compression.off() takes none");
    }
}
