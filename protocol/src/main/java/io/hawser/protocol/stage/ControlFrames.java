// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;

/** Parts the ways of data and control frames: data goes on in chunks, control frames are collected whole (5.4 and 5.5). */
public final class ControlFrames implements MaskedFrameSink {
    private static final byte[] EMPTY = {};

    private final MaskedFrameSink data;
    private final ControlSink control;
    private boolean inControlFrame;
    private Opcode opcode = Opcode.PING;
    private byte[] payload = EMPTY;
    private int size;

    /**
     * The parting of the ways.
     *
     * @param data takes text, binary and continuation frames
     * @param control takes the others
     */
    public ControlFrames(MaskedFrameSink data, ControlSink control) {
        this.data = data;
        this.control = control;
    }

    @Override
    public void onFrame(Opcode frameOpcode, boolean fin, int rsv, long length) {
        inControlFrame = frameOpcode.isControl();
        if (!inControlFrame) {
            data.onFrame(frameOpcode, fin, rsv, length);
            return;
        }
        opcode = frameOpcode;
        payload = length == 0 ? EMPTY : new byte[(int) length];
        size = 0;
    }

    @Override
    public void onMasked(ByteBuffer chunk, int key) {
        if (inControlFrame) {
            MaskedFrameSink.super.onMasked(chunk, key);
        } else {
            data.onMasked(chunk, key);
        }
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        if (!inControlFrame) {
            data.onPayload(chunk);
            return;
        }
        int arriving = chunk.remaining();
        chunk.get(payload, size, arriving);
        size += arriving;
    }

    @Override
    public void onFrameEnd() {
        if (!inControlFrame) {
            data.onFrameEnd();
            return;
        }
        if (opcode == Opcode.PING) {
            control.onPing(payload);
        } else if (opcode == Opcode.PONG) {
            control.onPong(payload);
        } else {
            control.onClose(payload);
        }
    }
}
