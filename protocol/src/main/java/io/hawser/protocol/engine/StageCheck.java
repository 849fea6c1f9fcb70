// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.stage.FrameRules;
import io.hawser.protocol.stage.TextCheck;
import java.nio.ByteBuffer;

/** Checks what a stage gives out in one direction. A fault is the stage's, and no violation of the peer's. */
final class StageCheck implements FrameSink {
    private static final int ANY_RSV = 7;

    private final FrameRules rules = new FrameRules(ANY_RSV, new TextCheck(new Nowhere()));

    /** Checks a frame; the text of a whole one is known to be good if it is the very one that went in. */
    void check(Frame frame, boolean wentIn) {
        if (wentIn && frame.fin() && frame.opcode() == Opcode.TEXT) {
            onFrame(Opcode.BINARY, true, 0, 0); // for its place among the fragments alone
        } else {
            onFrame(frame.opcode(), frame.fin(), frame.rsv(), frame.length());
            onPayload(frame.payload());
        }
        onFrameEnd();
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        if (opcode == Opcode.CLOSE) {
            throw new IllegalStateException("a stage gave out a close frame; fail(CloseStatus) closes");
        }
        judge(() -> rules.onFrame(opcode, fin, rsv, length));
    }

    /** Looks at a chunk, which stays as it is. */
    @Override
    public void onPayload(ByteBuffer chunk) {
        judge(() -> rules.onPayload(chunk.duplicate()));
    }

    @Override
    public void onFrameEnd() {
        judge(rules::onFrameEnd);
    }

    private static void judge(Runnable rule) {
        try {
            rule.run();
        } catch (ProtocolViolation fault) {
            throw new IllegalStateException("a stage gave out what is not legal: " + fault.getMessage(), fault);
        }
    }

    /** The rules' next, which takes everything. */
    private static final class Nowhere implements MaskedFrameSink {
        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {}

        @Override
        public void onPayload(ByteBuffer chunk) {
            chunk.position(chunk.limit());
        }

        @Override
        public void onFrameEnd() {}
    }
}
