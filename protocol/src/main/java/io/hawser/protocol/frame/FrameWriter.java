// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import io.hawser.protocol.Opcode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes frames (RFC 6455, 5.2), lengths always in their shortest form. */
public final class FrameWriter {
    // Network order, whatever the order of the buffer is.
    private static final VarHandle SHORTS = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int FIN = 0x80;
    private static final int MASK = 0x80;

    private FrameWriter() {}

    /** The length of the header in front of a payload of so many bytes. */
    public static int headerBytes(long length, boolean masked) {
        int extended = length < 126 ? 0 : length <= 0xFFFF ? Short.BYTES : Long.BYTES;
        return 2 + extended + (masked ? Integer.BYTES : 0);
    }

    /**
     * Writes a header without a masking key, as a server does.
     *
     * @param out has room for {@link #headerBytes}; its position advances
     * @param opcode what the frame carries
     * @param fin whether it is the last of its message
     * @param rsv the reserved bits, 0 to 7
     * @param length the payload's length, 0 or more
     */
    public static void header(ByteBuffer out, Opcode opcode, boolean fin, int rsv, long length) {
        out.position(putHeader(out, opcode.code() | rsv << 4 | (fin ? FIN : 0), length, 0));
    }

    /**
     * Writes a header with a masking key, as a client does; the payload behind it must be masked with the same key.
     *
     * @param maskingKey four bytes in network order
     */
    public static void maskedHeader(ByteBuffer out, Opcode opcode, boolean fin, int rsv, long length, int maskingKey) {
        int next = putHeader(out, opcode.code() | rsv << 4 | (fin ? FIN : 0), length, MASK);
        INTS.set(out, next, maskingKey);
        out.position(next + Integer.BYTES);
    }

    /** Puts all but the key at the position, which stays; returns the index behind it. */
    private static int putHeader(ByteBuffer out, int first, long length, int mask) {
        int start = out.position();
        if (length < 126) {
            SHORTS.set(out, start, (short) (first << 8 | mask | (int) length));
            return start + 2;
        }
        if (length <= 0xFFFF) {
            INTS.set(out, start, (first << 8 | mask | 126) << 16 | (int) length);
            return start + 2 + Short.BYTES;
        }
        SHORTS.set(out, start, (short) (first << 8 | mask | 127));
        LONGS.set(out, start + 2, length);
        return start + 2 + Long.BYTES;
    }
}
