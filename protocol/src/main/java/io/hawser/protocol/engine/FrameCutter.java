// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;

/** Cuts data frames into fragments that are held whole (RFC 6455, 5.4), where frames may be longer than anything that is. */
final class FrameCutter implements MaskedFrameSink {
    static final int PIECE_BYTES = 64 << 10;

    private final MaskedFrameSink next;
    private boolean fin;
    private int rsv;
    private boolean lengthKnown;
    /** Bytes of the frame behind the fragment under way, where its length is known. */
    private long behind;
    private int pieceLeft;

    FrameCutter(MaskedFrameSink next) {
        this.next = next;
    }

    @Override
    public void onFrame(Opcode opcode, boolean frameFin, int frameRsv, long length) {
        fin = frameFin;
        rsv = frameRsv;
        lengthKnown = length >= 0;
        begin(opcode, length);
    }

    private void begin(Opcode opcode, long length) {
        if (!lengthKnown) {
            pieceLeft = PIECE_BYTES;
            next.onFrame(opcode, false, rsv, -1);
            return;
        }
        pieceLeft = (int) Math.min(length, PIECE_BYTES);
        behind = length - pieceLeft;
        next.onFrame(opcode, fin && behind == 0, rsv, pieceLeft);
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        int limit = chunk.limit();
        while (limit - chunk.position() > pieceLeft) {
            chunk.limit(chunk.position() + pieceLeft);
            next.onPayload(chunk);
            chunk.limit(limit);
            next.onFrameEnd();
            begin(Opcode.CONTINUATION, behind);
        }
        pieceLeft -= chunk.remaining();
        next.onPayload(chunk);
    }

    @Override
    public void onFrameEnd() {
        next.onFrameEnd();
        if (!lengthKnown && fin) { // which none of the fragments so far could tell
            next.onFrame(Opcode.CONTINUATION, true, rsv, 0);
            next.onFrameEnd();
        }
    }
}
