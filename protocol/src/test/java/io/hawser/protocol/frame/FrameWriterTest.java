// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("F2")
class FrameWriterTest {
    @ParameterizedTest
    @CsvSource({
        "0, 82 00",
        "125, 82 7d",
        "126, 82 7e 00 7e",
        "65535, 82 7e ff ff",
        "65536, 82 7f 00 00 00 00 00 01 00 00",
        "9223372036854775807, 82 7f 7f ff ff ff ff ff ff ff"
    })
    void writesLengthsInTheirShortestForm(long length, String header) {
        assertThat(unmasked(Opcode.BINARY, true, 0, length)).isEqualTo(hex(header));
        assertThat(FrameWriter.headerBytes(length, false)).isEqualTo(hex(header).length);
        assertThat(FrameWriter.headerBytes(length, true)).isEqualTo(hex(header).length + 4);
    }

    @Test
    void writesFlagsAndOpcode() {
        assertThat(unmasked(Opcode.CONTINUATION, false, 0, 1)).isEqualTo(hex("00 01"));
        assertThat(unmasked(Opcode.TEXT, false, 4, 1)).isEqualTo(hex("41 01"));
        assertThat(unmasked(Opcode.PONG, true, 7, 0)).isEqualTo(hex("fa 00"));
    }

    @ParameterizedTest
    @CsvSource({
        "5, 81 85 37 fa 21 3d",
        "126, 81 fe 00 7e 37 fa 21 3d",
        "65536, 81 ff 00 00 00 00 00 01 00 00 37 fa 21 3d"
    })
    void writesTheMaskingKeyBehindTheLength(long length, String header) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer out = ByteBuffer.allocate(14).order(order);
            FrameWriter.maskedHeader(out, Opcode.TEXT, true, 0, length, 0x37FA213D);
            assertThat(Arrays.copyOf(out.array(), out.position())).isEqualTo(hex(header));
        }
    }

    private static byte[] unmasked(Opcode opcode, boolean fin, int rsv, long length) {
        ByteBuffer out = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
        FrameWriter.header(out, opcode, fin, rsv, length);
        return Arrays.copyOf(out.array(), out.position());
    }
}
