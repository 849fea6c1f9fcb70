// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;

/** Writes frames (RFC 6455, 5.2), lengths always in their shortest form. */
public final class FrameWriter {
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
        writeHeader(out, opcode.code() | rsv << 4 | (fin ? FIN : 0), length, 0);
    }

    /**
     * Writes a header with a masking key, as a client does; the payload behind it must be masked with the same key.
     *
     * @param maskingKey four bytes in network order
     */
    public static void maskedHeader(ByteBuffer out, Opcode opcode, boolean fin, int rsv, long length, int maskingKey) {
        writeHeader(out, opcode.code() | rsv << 4 | (fin ? FIN : 0), length, MASK);
        putBigEndian(out, maskingKey, Integer.BYTES);
    }

    private static void writeHeader(ByteBuffer out, int first, long length, int mask) {
        out.put((byte) first);
        if (length < 126) {
            out.put((byte) (mask | length));
        } else if (length <= 0xFFFF) {
            out.put((byte) (mask | 126));
            putBigEndian(out, length, Short.BYTES);
        } else {
            out.put((byte) (mask | 127));
            putBigEndian(out, length, Long.BYTES);
        }
    }

    private static void putBigEndian(ByteBuffer out, long value, int bytes) {
        for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.put((byte) (value >>> shift));
        }
    }
}
