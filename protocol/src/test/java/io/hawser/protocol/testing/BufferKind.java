// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The buffers that a transport may read into. */
public enum BufferKind {
    HEAP,
    HEAP_LITTLE_ENDIAN,
    DIRECT,
    DIRECT_LITTLE_ENDIAN;

    /** A copy of the bytes in such a buffer, with other bytes around them. */
    public ByteBuffer of(byte[] bytes, int from, int to) {
        int room = to - from + 5;
        ByteBuffer buffer = this == DIRECT || this == DIRECT_LITTLE_ENDIAN
                ? ByteBuffer.allocateDirect(room)
                : ByteBuffer.allocate(room);
        buffer.order(this == HEAP || this == DIRECT ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return buffer.put(3, bytes, from, to - from).position(3).limit(3 + to - from);
    }

    public ByteBuffer of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }
}
