// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.EveryCut;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 7692, 7.2.3, byte by byte. */
@Tag("L3")
class DeflateExamplesTest {
    private final Memory memory = new Memory(1 << 20);

    private EngineProbe client() {
        PermessageDeflate agreed = PermessageDeflate.agreed(
                        List.of(Deflated.extension()), List.of(Deflated.extension()), Deflated.ALL, memory)
                .orElseThrow();
        return new EngineProbe(Role.CLIENT, EngineSettings.DEFAULT.withDeflate(agreed), Pieces.MESSAGES).requestAll();
    }

    private EngineProbe server() {
        return new EngineProbe(Role.SERVER, Deflated.server(Deflated.ALL, memory), Pieces.MESSAGES).requestAll();
    }

    /** The frames as they stand in the RFC, which are a server's; "Hello" each, but for what ends a message with nothing. */
    @ParameterizedTest
    @CsvSource({
        "7.2.3.1 one block,               c1 07 f2 48 cd c9 c9 07 00, 1",
        "7.2.3.1 two fragments,           41 03 f2 48 cd 80 04 c9 c9 07 00, 1",
        "7.2.3.2 shares the window,       c1 07 f2 48 cd c9 c9 07 00 c1 05 f2 00 11 00 00, 2",
        "7.2.3.2 without the window,      c1 07 f2 48 cd c9 c9 07 00 c1 07 f2 48 cd c9 c9 07 00, 2",
        "7.2.3.3 no compression,          c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00, 1",
        "7.2.3.4 BFINAL,                  c1 08 f3 48 cd c9 c9 07 00 00, 1",
        "7.2.3.4 BFINAL then the window,  c1 08 f3 48 cd c9 c9 07 00 00 c1 05 f2 00 11 00 00, 2",
        "7.2.3.5 two blocks,              c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00, 1",
        "an empty last fragment,          41 07 f2 48 cd c9 c9 07 00 80 00, 1",
        "an empty first fragment,         41 00 80 07 f2 48 cd c9 c9 07 00, 1",
        "an empty fragment in between,    41 03 f2 48 cd 00 00 80 04 c9 c9 07 00, 1",
        "the empty block is the last,     c1 07 f2 48 cd c9 c9 07 04, 1",
        "a ping in between,               41 03 f2 48 cd 89 00 80 04 c9 c9 07 00, 1"
    })
    void areRead(String what, String frames, int messages) {
        EveryCut.of(hex(frames), buffers -> {
            EngineProbe client = client();
            client.receive(buffers);
            assertThat(client.told()).as(what).filteredOn(event -> !event.startsWith("ping"))
                    .containsExactlyElementsOf(Collections.nCopies(messages, text("Hello")));
        });
    }

    /** What follows the end of a stream refers to what is in front of it, in this message and in those before. */
    @Test
    void areReadBehindTheEndOfAStream() {
        EveryCut.of(hex("c1 0c f3 48 cd c9 c9 07 00 f2 00 11 00 00  c1 07 03 00 f2 00 11 00 00"), buffers -> {
            EngineProbe client = client();
            client.receive(buffers);
            assertThat(client.told()).containsExactly(text("HelloHello"), text("Hello"));
        });
    }

    /** 7.2.3.6: an empty message is 0x00. */
    @ParameterizedTest
    @CsvSource({"c1 01 00", "c1 02 02 00", "c1 01 01", "c1 06 00 00 00 ff ff 00", "41 01 00 80 00", "41 00 80 01 00"})
    void readsAnEmptyMessage(String frames) {
        EveryCut.of(hex(frames), buffers -> {
            EngineProbe client = client();
            client.receive(buffers);
            assertThat(client.told()).containsExactly(text(""));
        });
    }

    @Test
    void areWritten() {
        EngineProbe server = server();
        ByteBuffer hello = ByteBuffer.wrap(Wire.utf8("Hello"));
        server.engine.send(Opcode.TEXT, hello, null);
        assertThat(server.outbound.bytes()).as("what does not get shorter leaves as it is").isEqualTo(hex("81 05 48 65 6c 6c 6f"));
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8("HelloHelloHelloHello")), null);
        server.engine.send(Opcode.TEXT, hello, null);
        server.engine.send(Opcode.TEXT, ByteBuffer.allocate(0), null);
        assertThat(server.outbound.bytes()).isEqualTo(hex("81 05 48 65 6c 6c 6f  c1 0a f2 48 cd c9 c9 f7 40 25 00 00  c1 04 02 13 00 00  81 00"));
    }

    /** What is sent in fragments is compressed whatever its length, as that is not known. */
    @Test
    void areWrittenInFragments() {
        EngineProbe server = server();
        for (int i = 0; i < 2; i++) {
            server.engine.send(Frame.wrap(Opcode.TEXT, false, Wire.utf8("Hello")), null);
            server.engine.send(Frame.wrap(Opcode.CONTINUATION, true, new byte[0]), null);
        }
        assertThat(server.outbound.bytes()).isEqualTo(hex("41 0b f2 48 cd c9 c9 07 00 00 00 ff ff 80 01 00  41 09 f2 00 11 00 00 00 00 ff ff 80 01 00"));
    }
}
