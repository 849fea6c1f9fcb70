// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

/** UTF-8 by its definition: which code points can the bytes of a sequence, as far as it has come, still become? */
public final class ReferenceUtf8 {
    private static final int[] LOWEST = {0, 0, 0x80, 0x800, 0x10000};

    private ReferenceUtf8() {}

    /** Whether the bytes are text, or with {@code open} whether further bytes could make them so. */
    public static boolean isText(byte[] bytes, boolean open) {
        int index = 0;
        while (index < bytes.length) {
            int size = sequence(bytes[index] & 0xFF);
            int there = Math.min(size, bytes.length - index);
            if (size == 0 || !canBecomeCodePoint(bytes, index, there, size) || there < size && !open) {
                return false;
            }
            index += there;
        }
        return true;
    }

    private static int sequence(int first) {
        if (first < 0x80) {
            return 1;
        }
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        return ones >= 2 && ones <= 4 ? ones : 0;
    }

    private static boolean canBecomeCodePoint(byte[] bytes, int from, int there, int size) {
        int lowest = size == 1 ? bytes[from] : bytes[from] & (0xFF >> size + 1);
        for (int i = 1; i < there; i++) {
            if ((bytes[from + i] & 0xC0) != 0x80) {
                return false;
            }
            lowest = lowest * 64 + (bytes[from + i] & 0x3F);
        }
        int unknownBits = 6 * (size - there);
        int highest = (lowest + 1 << unknownBits) - 1;
        lowest <<= unknownBits;
        boolean onlySurrogates = lowest >= 0xD800 && highest <= 0xDFFF;
        return highest >= LOWEST[size] && lowest <= 0x10FFFF && !onlySurrogates;
    }
}
