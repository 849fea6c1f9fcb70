// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.testing.RecordingSink;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ChunkDemandTest {
    private final Demand demand = new Demand();
    private final RecordingSink sink = new RecordingSink();
    private final ChunkDemand chunks = new ChunkDemand(demand, sink);

    @Test
    void takesAPieceForEachChunk() {
        demand.add(3);
        chunks.onFrame(Opcode.BINARY, true, 0, 2);
        chunks.onPayload(ByteBuffer.wrap(new byte[1]));
        chunks.onPayload(ByteBuffer.wrap(new byte[1]));
        chunks.onFrameEnd();
        assertThat(demand.isOpen()).isTrue();
        chunks.onFrame(Opcode.BINARY, true, 0, 1);
        chunks.onPayload(ByteBuffer.wrap(new byte[1]));
        assertThat(demand.isOpen()).isFalse();
        assertThat(sink.told()).containsExactly("BINARY fin rsv 0 of 2", "00 00", "end", "BINARY fin rsv 0 of 1", "00");
    }

    @Test
    void takesAPieceForAFrameWithoutChunks() {
        demand.add(1);
        chunks.onFrame(Opcode.BINARY, true, 0, 0);
        chunks.onFrameEnd();
        assertThat(demand.isOpen()).isFalse();
    }
}
