// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Writes down frames and, chunk by chunk, their payload. */
public final class RecordingSink implements MaskedFrameSink {
    private final List<String> told = new ArrayList<>();
    private final StringBuilder payload = new StringBuilder();
    private IntUnaryOperator taker = remaining -> remaining;

    /** How much is taken of each chunk. */
    public RecordingSink taking(IntUnaryOperator ofRemaining) {
        taker = ofRemaining;
        return this;
    }

    /** The frames, their chunks joined: "TEXT fin rsv 0 of 5", "48 65", "end". */
    public List<String> told() {
        List<String> all = new ArrayList<>(told);
        if (payload.length() > 0) {
            all.add(payload.toString().strip());
        }
        return all;
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        told.add(opcode + (fin ? " fin" : " more") + " rsv " + rsv + " of " + length);
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        byte[] taken = new byte[taker.applyAsInt(chunk.remaining())];
        chunk.get(taken);
        payload.append(Hex.hex(taken)).append(taken.length > 0 ? " " : "");
    }

    @Override
    public void onFrameEnd() {
        if (payload.length() > 0) {
            told.add(payload.toString().strip());
            payload.setLength(0);
        }
        told.add("end");
    }
}
