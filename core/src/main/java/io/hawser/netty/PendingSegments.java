// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import java.util.Arrays;

/** The lengths of what was written to a channel and not accepted yet, first to last; a ring that grows. */
final class PendingSegments {
    private int[] lengths = new int[4];
    private int first;
    private int size;
    private long bytes;

    void add(int length) {
        if (size == lengths.length) {
            int[] grown = Arrays.copyOfRange(lengths, first, first + 2 * size);
            System.arraycopy(lengths, 0, grown, size - first, first);
            lengths = grown;
            first = 0;
        }
        lengths[(first + size) % lengths.length] = length;
        size++;
        bytes += length;
    }

    /** Forgets all but the last so many: the channel has no more in its queue. */
    void keepLast(int count) {
        while (size > count) {
            bytes -= lengths[first];
            first = (first + 1) % lengths.length;
            size--;
        }
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }
}
