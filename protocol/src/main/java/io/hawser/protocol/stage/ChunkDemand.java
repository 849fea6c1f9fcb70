// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;

/** Takes a piece of demand for each chunk that passes, and for each frame that has none. */
public final class ChunkDemand implements MaskedFrameSink {
    private final Demand demand;
    private final FrameSink next;
    private boolean chunkPassed;

    /**
     * Counts chunks.
     *
     * @param demand loses a piece with each
     * @param next takes the frames
     */
    public ChunkDemand(Demand demand, FrameSink next) {
        this.demand = demand;
        this.next = next;
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        chunkPassed = false;
        next.onFrame(opcode, fin, rsv, length);
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        chunkPassed = true;
        demand.take();
        next.onPayload(chunk);
    }

    @Override
    public void onFrameEnd() {
        if (!chunkPassed) {
            demand.take();
        }
        next.onFrameEnd();
    }
}
