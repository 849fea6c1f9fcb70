// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;

/**
 * Refuses frames and messages past their limits as soon as the excess is known, which for a length is the header that
 * announces it (RFC 6455, 7.4.1 and 10.4). Fragments are counted too, so that empty ones cannot go on for ever. Of a compressed message
 * only what would come to nothing is refused here: who inflates it counts its bytes and fragments.
 */
public final class SizeLimits implements MaskedFrameSink {
    private static final int RSV1 = 4;
    /** What the ends of fragments may take, which come to nothing. */
    private static final int EMPTY_BLOCKS_BYTES = 64 << 10;

    private final Limits limits;
    private final MaskedFrameSink next;
    private boolean compressed;
    /** The most that a message under way may have. */
    private long maxBytes;
    private long messageBytes;
    private long fragments;

    /**
     * Limits on what passes.
     *
     * @param limits the bounds
     * @param next takes what keeps within them
     */
    public SizeLimits(Limits limits, MaskedFrameSink next) {
        this.limits = limits;
        this.next = next;
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        if (!opcode.isControl()) {
            checkData(opcode, rsv, length);
        }
        next.onFrame(opcode, fin, rsv, length);
    }

    @Override
    public void onMasked(ByteBuffer chunk, int key) {
        next.onMasked(chunk, key);
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        next.onPayload(chunk);
    }

    @Override
    public void onFrameEnd() {
        next.onFrameEnd();
    }

    private void checkData(Opcode opcode, int rsv, long length) {
        if (opcode != Opcode.CONTINUATION) {
            messageBytes = 0;
            fragments = 0;
            compressed = (rsv & RSV1) != 0;
            maxBytes = compressed ? compressedBytes(limits.messageBytes()) : limits.messageBytes();
        }
        if (length > limits.frameBytes()) {
            throw tooBig("a frame of " + length + " bytes, at most " + limits.frameBytes() + " are taken");
        }
        if (length > maxBytes - messageBytes) {
            throw tooBig("a message of more than " + limits.messageBytes() + " bytes");
        }
        if (!compressed && ++fragments > limits.fragments() + messageBytes / limits.bytesPerExtraFragment()) {
            throw new ProtocolViolation(
                    CloseStatus.POLICY_VIOLATION, "10.4", "a message of more than " + (fragments - 1) + " fragments");
        }
        messageBytes += length;
    }

    /** What a message of so many bytes takes at most, however badly it is compressed. */
    private static long compressedBytes(long bytes) {
        return bytes > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 2 * bytes + EMPTY_BLOCKS_BYTES;
    }

    private static ProtocolViolation tooBig(String what) {
        return new ProtocolViolation(CloseStatus.TOO_BIG, "7.4.1", what);
    }
}
