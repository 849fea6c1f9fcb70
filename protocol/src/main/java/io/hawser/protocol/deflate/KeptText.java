// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The last bytes of the messages so far, for a compressor to refer to. */
final class KeptText {
    private static final byte[] EMPTY = new byte[0];

    private final int maxBytes;
    private byte[] bytes = EMPTY;
    private int size;

    /** Nothing so far, and never more than so many bytes. */
    KeptText(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** Where they are, from the first on. */
    byte[] array() {
        return bytes;
    }

    /** Adds the bytes from position to limit, which stay. */
    void add(ByteBuffer added) {
        int length = Math.min(added.remaining(), maxBytes);
        int staying = Math.min(size, maxBytes - length);
        int needed = staying + length;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(maxBytes, Math.max(needed, 2 * bytes.length)));
        }
        System.arraycopy(bytes, size - staying, bytes, 0, staying);
        added.get(added.limit() - length, bytes, staying, length);
        size = needed;
    }

    /** Forgets them all. */
    void clear() {
        bytes = EMPTY;
        size = 0;
    }
}
