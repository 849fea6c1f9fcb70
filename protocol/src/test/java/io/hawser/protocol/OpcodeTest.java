// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OpcodeTest {
    @Test
    @Tag("F6")
    void knowsTheCodesOfTheRfcAndNoOthers() {
        assertThat(Opcode.values()).allSatisfy(opcode -> assertThat(Opcode.of(opcode.code())).isEqualTo(opcode));
        assertThat(IntStream.range(0, 16).filter(code -> Opcode.of(code) == null))
                .containsExactly(3, 4, 5, 6, 7, 11, 12, 13, 14, 15);
    }

    @Test
    void looksAtFourBits() {
        assertThat(Opcode.of(0xF9)).isEqualTo(Opcode.PING);
        assertThat(Opcode.of((byte) 0x81)).isEqualTo(Opcode.TEXT);
    }

    @Test
    void tellsControlFromData() {
        assertThat(Opcode.values()).filteredOn(Opcode::isControl)
                .containsExactly(Opcode.CLOSE, Opcode.PING, Opcode.PONG);
    }
}
