// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.message.Utf8Validator;
import java.nio.ByteBuffer;

/** Checks text as UTF-8 while it arrives, over the bounds of chunks and frames, and fails at the first bad byte (8.1). */
public final class TextCheck implements MaskedFrameSink {
    /** RSV1: what is handed on as it came is no text (RFC 7692, 6). */
    private static final int COMPRESSED = 4;

    private final Utf8Validator validator = new Utf8Validator();
    private final MaskedFrameSink next;
    private boolean messageIsText;
    private boolean frameIsText;
    private boolean fin;
    /** How many bytes of the next chunk were checked already, because {@code next} left them. */
    private int checked;

    /** A check in front of {@code next}. */
    public TextCheck(MaskedFrameSink next) {
        this.next = next;
    }

    @Override
    public void onFrame(Opcode opcode, boolean frameFin, int rsv, long length) {
        if (opcode == Opcode.TEXT || opcode == Opcode.BINARY) {
            messageIsText = opcode == Opcode.TEXT && (rsv & COMPRESSED) == 0;
            validator.reset();
        }
        frameIsText = messageIsText && !opcode.isControl();
        fin = frameFin;
        next.onFrame(opcode, frameFin, rsv, length);
    }

    @Override
    public void onMasked(ByteBuffer chunk, int key) {
        if (frameIsText) {
            MaskedFrameSink.super.onMasked(chunk, key); // to look at it
        } else {
            next.onMasked(chunk, key);
        }
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        if (!frameIsText) {
            next.onPayload(chunk);
            return;
        }
        int bad = validator.check(chunk, chunk.position() + checked, chunk.limit());
        if (bad >= 0) {
            // RFC 6455 8.1: MUST _Fail the WebSocket Connection_.
            throw violation(String.format("text is not UTF-8: byte 0x%02X cannot stand where it does", chunk.get(bad)));
        }
        next.onPayload(chunk);
        checked = chunk.remaining();
    }

    @Override
    public void onFrameEnd() {
        if (frameIsText && fin && !validator.isComplete()) {
            throw violation("text ends inside a code point");
        }
        next.onFrameEnd();
    }

    private static ProtocolViolation violation(String what) {
        return new ProtocolViolation(CloseStatus.INVALID_DATA, "8.1", what);
    }
}
