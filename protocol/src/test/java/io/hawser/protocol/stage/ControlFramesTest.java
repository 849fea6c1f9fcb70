// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.testing.RecordingSink;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ControlFramesTest {
    private final RecordingSink data = new RecordingSink();
    private final RecordedOutput control = new RecordedOutput();
    private final ControlFrames parting = new ControlFrames(data, control);

    @Test
    void collectsControlFramesFromTheirChunks() {
        frame(Opcode.PING, "01 02", "03");
        frame(Opcode.PONG, "");
        frame(Opcode.CLOSE, "03", "e8");
        assertThat(control.told).containsExactly("ping 01 02 03", "pong ", "close 03 e8");
        assertThat(data.told()).isEmpty();
    }

    @Test
    void passesDataOnInChunks() {
        parting.onFrame(Opcode.TEXT, false, 4, 3);
        parting.onPayload(ByteBuffer.wrap(hex("61 62")));
        parting.onPayload(ByteBuffer.wrap(hex("63")));
        parting.onFrameEnd();
        assertThat(data.told()).containsExactly("TEXT more rsv 4 of 3", "61 62 63", "end");
    }

    @Test
    @Tag("F10")
    void handlesControlFramesBetweenFragmentsAtOnce() {
        parting.onFrame(Opcode.TEXT, false, 0, 0);
        parting.onFrameEnd();
        frame(Opcode.PING, "01");
        assertThat(control.told).containsExactly("ping 01");
        parting.onFrame(Opcode.CONTINUATION, true, 0, 1);
        parting.onPayload(ByteBuffer.wrap(hex("61")));
        parting.onFrameEnd();
        assertThat(data.told()).containsExactly(
                "TEXT more rsv 0 of 0", "end", "CONTINUATION fin rsv 0 of 1", "61", "end");
    }

    @Test
    void handsEachPayloadOver() {
        RecordedOutput keeping = new RecordedOutput();
        ControlFrames handingOver = new ControlFrames(data, new AutoPong(keeping, keeping));
        for (int i = 0; i < 2; i++) {
            handingOver.onFrame(Opcode.PING, true, 0, 1);
            handingOver.onPayload(ByteBuffer.wrap(new byte[] {(byte) i}));
            handingOver.onFrameEnd();
            assertThat(keeping.payload).isEqualTo(new byte[] {(byte) i});
            keeping.payload[0] = 9;
        }
    }

    private void frame(Opcode opcode, String... chunks) {
        int length = hex(String.join("", chunks)).length;
        parting.onFrame(opcode, true, 0, length);
        for (String chunk : chunks) {
            parting.onPayload(ByteBuffer.wrap(hex(chunk)));
        }
        parting.onFrameEnd();
    }
}
