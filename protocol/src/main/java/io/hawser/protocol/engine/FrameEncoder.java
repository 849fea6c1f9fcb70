// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.frame.FrameWriter;
import io.hawser.protocol.frame.Masking;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Encodes frames to where bytes go, masked if that is the side's part, and counts the bytes. */
final class FrameEncoder {
    private final boolean masks;
    private final MaskingKeys keys;
    private final Outbound outbound;
    private long bytes;

    FrameEncoder(Role role, MaskingKeys keys, Outbound outbound) {
        this.masks = role.masks();
        this.keys = keys;
        this.outbound = outbound;
    }

    /** How many were encoded so far. */
    long bytes() {
        return bytes;
    }

    /** A whole frame; the payload's position and limit stay. */
    void frame(Opcode opcode, boolean fin, int rsv, OptionalInt maskingKey, ByteBuffer payload, int offset, int length) {
        int size = FrameWriter.headerBytes(length, masks) + length;
        ByteBuffer out = outbound.reserve(size);
        int key = putHeader(out, opcode, fin, rsv, maskingKey, length);
        putPayload(out, payload, offset, length, key);
        bytes += size;
    }

    /** The header of a frame whose payload follows; returns the key to mask it with. */
    int header(Opcode opcode, boolean fin, int rsv, OptionalInt maskingKey, int length) {
        int size = FrameWriter.headerBytes(length, masks);
        bytes += size;
        return putHeader(outbound.reserve(size), opcode, fin, rsv, maskingKey, length);
    }

    /** Some payload of a frame under way; returns the key for what follows. */
    int payload(ByteBuffer payload, int offset, int length, int key) {
        putPayload(outbound.reserve(length), payload, offset, length, key);
        bytes += length;
        return Masking.rotate(key, length);
    }

    private int putHeader(ByteBuffer out, Opcode opcode, boolean fin, int rsv, OptionalInt maskingKey, int length) {
        if (!masks) {
            FrameWriter.header(out, opcode, fin, rsv, length);
            return 0;
        }
        int key = maskingKey.isPresent() ? maskingKey.getAsInt() : keys.next();
        FrameWriter.maskedHeader(out, opcode, fin, rsv, length, key);
        return key;
    }

    private static void putPayload(ByteBuffer out, ByteBuffer payload, int offset, int length, int key) {
        int start = out.position();
        out.put(start, payload, offset, length);
        out.position(start + length);
        Masking.apply(out, start, start + length, key);
    }
}
