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
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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

    /**
     * Copies while it masks or unmasks, and advances the buffer's position to its limit.
     *
     * @param from the bytes, left as they are
     * @param to takes them
     * @param index where the first goes to
     * @param key as {@link #apply} takes it
     */
    public static void copy(ByteBuffer from, byte[] to, int index, int key) {
        int size = from.remaining();
        if (key == 0) {
            from.get(to, index, size);
        } else if (from.hasArray()) {
            from.get(to, index, size);
            applyToArray(to, index, index + size, key);
        } else {
            copyFromDirect(from, to, index, key);
            from.position(from.limit());
        }
    }

    private static void copyFromDirect(ByteBuffer from, byte[] to, int start, int key) {
        long eight = twice(Integer.reverseBytes(key));
        boolean swap = from.order() == ByteOrder.BIG_ENDIAN;
        int source = from.position();
        int size = from.remaining();
        for (int i = 0; i < size >> 3; i++) {
            long bytes = from.getLong(source + (i << 3));
            LONGS.set(to, start + (i << 3), (swap ? Long.reverseBytes(bytes) : bytes) ^ eight);
        }
        for (int i = size & -Long.BYTES; i < size; i++) {
            to[start + i] = (byte) (from.get(source + i) ^ key >>> (~i << 3));
        }
    }

    private static void applyToDirect(ByteBuffer buffer, int from, int to, int key) {
        long eight = twice(buffer.order() == ByteOrder.BIG_ENDIAN ? key : Integer.reverseBytes(key));
        int size = to - from;
        for (int i = 0; i < size >> 3; i++) {
            int index = from + (i << 3);
            buffer.putLong(index, buffer.getLong(index) ^ eight);
        }
        for (int i = size & -Long.BYTES; i < size; i++) {
            buffer.put(from + i, (byte) (buffer.get(from + i) ^ key >>> (~i << 3)));
        }
    }

    private static void applyToArray(byte[] bytes, int from, int to, int key) {
        long eight = twice(Integer.reverseBytes(key));
        int size = to - from;
        for (int i = 0; i < size >> 3; i++) {
            int index = from + (i << 3);
            LONGS.set(bytes, index, (long) LONGS.get(bytes, index) ^ eight);
        }
        for (int i = size & -Long.BYTES; i < size; i++) {
            bytes[from + i] = (byte) (bytes[from + i] ^ key >>> (~i << 3));
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
