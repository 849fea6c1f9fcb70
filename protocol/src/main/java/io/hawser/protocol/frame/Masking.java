// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The masking of RFC 6455, 5.3: each payload byte is XORed with the byte of the key at its index modulo four.
 *
 * <p>Heap and direct buffers have a loop each: C2 makes vectors only of one that has seen a single kind, and one that
 * has seen both is ten times slower. A direct buffer is best in the order of the processor, as the other needs a swap.
 */
public final class Masking {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Masking() {}

    /**
     * Masks or unmasks in place. The buffer's position, limit and order stay.
     *
     * @param buffer the bytes
     * @param from index of the first byte
     * @param to index behind the last byte
     * @param key the four bytes of the key in network order, {@linkplain #rotate rotated} to the phase of the first
     *     byte
     */
    public static void apply(ByteBuffer buffer, int from, int to, int key) {
        if (key == 0) {
            return;
        }
        if (buffer.hasArray()) {
            int offset = buffer.arrayOffset();
            applyToArray(buffer.array(), offset + from, offset + to, key);
        } else {
            applyToDirect(buffer, from, to, key);
        }
    }

    private static void applyToDirect(ByteBuffer buffer, int from, int to, int key) {
        int four = buffer.order() == ByteOrder.BIG_ENDIAN ? key : Integer.reverseBytes(key);
        long eight = twice(four);
        int index = from;
        for (int last = to - Long.BYTES; index <= last; index += Long.BYTES) {
            buffer.putLong(index, buffer.getLong(index) ^ eight);
        }
        if (to - index >= Integer.BYTES) {
            buffer.putInt(index, buffer.getInt(index) ^ four);
            index += Integer.BYTES;
        }
        for (int shift = 24; index < to; index++, shift -= Byte.SIZE) {
            buffer.put(index, (byte) (buffer.get(index) ^ key >>> shift));
        }
    }

    private static void applyToArray(byte[] bytes, int from, int to, int key) {
        long eight = twice(key);
        int index = from;
        for (int last = to - Long.BYTES; index <= last; index += Long.BYTES) {
            LONGS.set(bytes, index, (long) LONGS.get(bytes, index) ^ eight);
        }
        for (int shift = 24; index < to; index++, shift -= Byte.SIZE) {
            bytes[index] = (byte) (bytes[index] ^ key >>> shift);
        }
    }

    private static long twice(int four) {
        return (four & 0xFFFF_FFFFL) << 32 | four & 0xFFFF_FFFFL;
    }

    /** The key for a byte that stands {@code bytes} further on. */
    public static int rotate(int key, long bytes) {
        return Integer.rotateLeft(key, (int) (bytes & 3) * Byte.SIZE);
    }
}
