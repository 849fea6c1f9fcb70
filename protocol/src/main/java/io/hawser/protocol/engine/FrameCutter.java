// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;

/** Cuts data frames into fragments that are held whole (RFC 6455, 5.4), where frames may be longer than anything that is. */
final class FrameCutter implements MaskedFrameSink {
    static final int PIECE_BYTES = 64 << 10;

    private final MaskedFrameSink next;
    private Opcode opcode = Opcode.BINARY;
    private boolean fin;
    private int rsv;
    /** Whether the frame's length is not known. */
    private boolean endless;
    /** Bytes of the frame behind the fragment under way, as far as they are known. */
    private long behind;
    private int pieceLeft;

    /** Cuts in front of {@code next}, which a second head of the same fragment only tells that the message goes on behind it. */
    FrameCutter(MaskedFrameSink next) {
        this.next = next;
    }

    @Override
    public void onFrame(Opcode frameOpcode, boolean frameFin, int frameRsv, long length) {
        fin = frameFin;
        rsv = frameRsv;
        endless = length < 0;
        begin(frameOpcode, length);
    }

    private void begin(Opcode pieceOpcode, long length) {
        opcode = pieceOpcode;
        pieceLeft = endless ? PIECE_BYTES : (int) Math.min(length, PIECE_BYTES);
        behind = endless ? 0 : length - pieceLeft;
        next.onFrame(opcode, fin && behind == 0, rsv, endless ? -1 : pieceLeft);
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        int limit = chunk.limit();
        while (limit - chunk.position() > pieceLeft) {
            if (endless) {
                next.onFrame(opcode, false, rsv, -1); // that it is not the last is known only now
            }
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
    }
}
