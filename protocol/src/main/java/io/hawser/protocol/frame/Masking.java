// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The masking of RFC 6455, 5.3: each payload byte is XORed with the byte of the key at its index modulo four. */
public final class Masking {
    private Masking() {}

    /**
     * Masks or unmasks in place. The buffer's position, limit and order stay.
     *
     * @param buffer the bytes
     * @param from index of the first byte
     * @param to index behind the last byte
     * @param key the four bytes of the key in network order, {@linkplain #rotate rotated} to the phase of the first byte
     */
    public static void apply(ByteBuffer buffer, int from, int to, int key) {
        if (key == 0) {
            return;
        }
        int index = from;
        if (to - from >= Long.BYTES) {
            int ordered = buffer.order() == ByteOrder.BIG_ENDIAN ? key : Integer.reverseBytes(key);
            long wide = (ordered & 0xFFFF_FFFFL) << 32 | ordered & 0xFFFF_FFFFL;
            for (int last = to - Long.BYTES; index <= last; index += Long.BYTES) {
                buffer.putLong(index, buffer.getLong(index) ^ wide);
            }
        }
        for (int shift = 24; index < to; index++, shift -= 8) {
            buffer.put(index, (byte) (buffer.get(index) ^ key >>> shift));
        }
    }

    /** The key for a byte that stands {@code bytes} further on. */
    public static int rotate(int key, long bytes) {
        return Integer.rotateLeft(key, (int) (bytes & 3) * Byte.SIZE);
    }
}
