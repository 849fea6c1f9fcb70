// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.FrameWriter;
import io.hawser.protocol.frame.Masking;
import java.nio.ByteBuffer;

/** What one read of a busy server may hold, as a parameter: masked frames, one whole message each. */
public enum Frames {
    /** Small texts of many clients' pipelines. */
    TEXT_32_X_20(Opcode.TEXT, 32, 20),
    /** Some middling messages. */
    BINARY_8_X_1K(Opcode.BINARY, 8, 1 << 10),
    /** A large receive buffer, full. */
    BINARY_4_X_64K(Opcode.BINARY, 4, 64 << 10);

    private static final int KEY = 0x3A5F_9C71;

    private final Opcode opcode;
    private final int count;
    private final int payloadBytes;

    Frames(Opcode opcode, int count, int payloadBytes) {
        this.opcode = opcode;
        this.count = count;
        this.payloadBytes = payloadBytes;
    }

    /** Bytes on the wire, from a client or, a little less, from a server. */
    int bytes() {
        return count * (FrameWriter.headerBytes(payloadBytes, true) + payloadBytes);
    }

    /** Fills an empty buffer, to be read from its start. */
    void writeTo(ByteBuffer out) {
        for (int frame = 0; frame < count; frame++) {
            FrameWriter.maskedHeader(out, opcode, true, 0, payloadBytes, KEY);
            int start = out.position();
            for (int i = 0; i < payloadBytes; i++) {
                out.put((byte) ('a' + i % 26));
            }
            Masking.apply(out, start, out.position(), KEY);
        }
        out.flip();
    }
}
