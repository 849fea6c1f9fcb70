// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compression that is agreed on and left to the application. */
class DeflateAsItIsTest {
    private static final byte[] HELLO = hex("f2 48 cd c9 c9 07 00");

    private final Memory memory = new Memory(1 << 20);
    private final PermessageDeflate agreed = Objects.requireNonNull(Deflated.server(Deflated.ALL, memory).deflate());
    private final EngineProbe server = new EngineProbe(
                    Role.SERVER, EngineSettings.DEFAULT.withDeflate(agreed.asItIs()), Pieces.MESSAGES)
            .requestAll();

    @Test
    @Tag("L3")
    void passesWhatComesAndTakesNoMemory() {
        server.receive(Wire.to(Role.SERVER, Wire.FIN | Deflated.RSV1 | Wire.TEXT, HELLO));
        server.receive(Wire.to(Role.SERVER, Wire.FIN | Wire.TEXT, "plain"));
        assertThat(server.told()).containsExactly(EngineProbe.data(Wire.TEXT, true, HELLO), EngineProbe.text("plain"));
        server.receive(Wire.to(Role.SERVER, Wire.FIN | Wire.TEXT, HELLO));
        assertThat(server.told()).as("text without the mark is checked").containsExactly(EngineProbe.closed(1007, true, false));
        assertThat(memory.usedBytes()).isZero();
        assertThat(agreed.asItIs().response()).isEqualTo(agreed.response());
    }

    @Test
    @Tag("hostile-44")
    void refusesTheMarkWhereItMeansNothing() {
        server.receive(Wire.to(Role.SERVER, Wire.FIN | Deflated.RSV1 | Wire.PING, new byte[0]));
        assertThat(server.told()).containsExactly(EngineProbe.closed(1002, true, false));
    }

    @Test
    void leavesWhatIsSentAsItIs() {
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.repeat(Wire.utf8("a"), 100)), null);
        server.engine.send(Frame.of(Opcode.TEXT, true, ByteBuffer.wrap(HELLO)).withRsv(4), null);
        List<String> sent = server.sent();
        assertThat(sent).hasSize(2);
        assertThat(server.outbound.bytes()).hasSize(2 + 100 + 2 + HELLO.length).endsWith(HELLO);
        assertThat(server.outbound.bytes()[102]).as("first byte of the second frame").isEqualTo((byte) (Wire.FIN | Deflated.RSV1 | Wire.TEXT));
    }
}
