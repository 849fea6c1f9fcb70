// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;

/**
 * What a frame may be at its place among the others: reserved bits only where an extension claims them, control frames short
 * and whole, fragments in sequence (RFC 6455, 5.2, 5.4 and 5.5).
 */
public final class FrameRules implements MaskedFrameSink {
    private static final int MAX_CONTROL_PAYLOAD = 125;

    private final int allowedRsv;
    private final MaskedFrameSink next;
    private boolean messageOpen;

    /**
     * The rules.
     *
     * @param allowedRsv the reserved bits that negotiated extensions claim
     * @param next takes the frames that pass
     */
    public FrameRules(int allowedRsv, MaskedFrameSink next) {
        this.allowedRsv = allowedRsv;
        this.next = next;
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        if ((rsv & ~allowedRsv) != 0) {
            // RFC 6455 5.2: MUST be 0 unless an extension is negotiated that defines meanings for non-zero values.
            throw violation("5.2", "reserved bits are set that no extension claims");
        }
        if (opcode.isControl()) {
            checkControl(opcode, fin, length);
        } else {
            checkSequence(opcode);
            messageOpen = !fin;
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

    /** Whether a message has begun of which no last fragment has. */
    public boolean isMessageOpen() {
        return messageOpen;
    }

    private static void checkControl(Opcode opcode, boolean fin, long length) {
        // RFC 6455 5.5: MUST have a payload length of 125 bytes or less and MUST NOT be fragmented.
        if (!fin) {
            throw violation("5.5", "a " + opcode + " frame is fragmented");
        }
        if (length > MAX_CONTROL_PAYLOAD) {
            throw violation("5.5", "a " + opcode + " frame has " + length + " bytes, more than 125");
        }
    }

    private void checkSequence(Opcode opcode) {
        if (opcode == Opcode.CONTINUATION && !messageOpen) {
            throw violation("5.4", "a continuation without a message to continue");
        }
        if (opcode != Opcode.CONTINUATION && messageOpen) {
            throw violation("5.4", "a new message inside a fragmented one");
        }
    }

    private static ProtocolViolation violation(String section, String what) {
        return new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, section, what);
    }
}
