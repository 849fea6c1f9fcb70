// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.testing.BufferKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaskingTest {
    private static final int KEY = 0x37FA213D;

    @Test
    void masksTheExampleOfTheRfc() {
        byte[] hello = hex("48 65 6c 6c 6f");
        Masking.apply(ByteBuffer.wrap(hello), 0, 5, KEY);
        assertThat(hello).isEqualTo(hex("7f 9f 4d 51 58"));
    }

    @ParameterizedTest
    @EnumSource
    void masksEachByteWithTheByteOfTheKeyAtItsIndexModuloFour(BufferKind kind) {
        byte[] key = hex("37 fa 21 3d");
        for (int length = 0; length < 40; length++) {
            for (int phase = 0; phase < 8; phase++) {
                byte[] bytes = new byte[length];
                byte[] expected = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (31 * i);
                    expected[i] = (byte) (bytes[i] ^ key[(i + phase) % 4]);
                }
                ByteBuffer buffer = kind.of(bytes);
                ByteOrder order = buffer.order();
                Masking.apply(buffer, buffer.position(), buffer.limit(), Masking.rotate(KEY, phase));
                assertThat(buffer).isEqualTo(ByteBuffer.wrap(expected));
                assertThat(buffer.order()).isEqualTo(order);
                assertThat(buffer.get(2)).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void copiesAsItMasks(BufferKind kind) {
        for (int key : new int[] {0, KEY}) {
            for (int length = 0; length < 40; length++) {
                byte[] bytes = new byte[length];
                for (int i = 0; i < length; i++) {
                    bytes[i] = (byte) (31 * i);
                }
                byte[] expected = new byte[length + 5];
                System.arraycopy(bytes, 0, expected, 2, length);
                Masking.apply(ByteBuffer.wrap(expected), 2, 2 + length, key);
                ByteBuffer from = kind.of(bytes);
                byte[] to = new byte[length + 5];
                Masking.copy(from, to, 2, key);
                assertThat(to).isEqualTo(expected);
                assertThat(from.hasRemaining()).isFalse();
                assertThat(from.flip().position(3)).isEqualTo(ByteBuffer.wrap(bytes));
            }
        }
    }

    @Test
    void leavesBytesAsTheyAreUnderAKeyOfZero() {
        byte[] bytes = hex("01 02 03 04 05 06 07 08 09");
        Masking.apply(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), 0, 9, 0);
        assertThat(bytes).isEqualTo(hex("01 02 03 04 05 06 07 08 09"));
    }

    @Test
    void rotatesTheKeyByAnyDistance() {
        assertThat(Masking.rotate(0x01020304, 1)).isEqualTo(0x02030401);
        assertThat(Masking.rotate(0x01020304, 4)).isEqualTo(0x01020304);
        assertThat(Masking.rotate(0x01020304, (1L << 40) + 3)).isEqualTo(0x04010203);
    }
}
