// SPDX-License-Identifier: Apache-2.0

package io.hawser.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;

/** Compressed messages, wrong ones and right ones, in any parts. */
@Tag("hostile-46")
@Tag("hostile-49")
class DeflateFuzzTest {
    private static final long MEMORY_BYTES = 4 << 20;
    private static final int[] LIMITS = {1 << 20, 10_000, 200, 1};

    /** Frames with anything in them end in messages within the limit or in a close, wherever they are cut, and all memory comes back. */
    @FuzzTest(maxDuration = "5m")
    void inflatesWhateverComes(byte[] input) {
        FuzzedInput data = new FuzzedInput(Objects.requireNonNull(input));
        Memory memory = new Memory(MEMORY_BYTES);
        EngineSettings settings = EngineSettings.DEFAULT
                .withDeflate(data.agreed(memory, memory).ofClient())
                .withLimits(Limits.DEFAULT.withMessageBytes(LIMITS[data.next() % LIMITS.length]));
        int piece = 1 + data.next();
        byte[] wire = frames(data);

        List<String> whole = received(settings, wire, Math.max(1, wire.length));
        List<String> cut = received(settings, wire, piece);
        assertThat(cut).isEqualTo(whole);

        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    /** Frames as a server sends them: their first byte, and a payload. */
    private static byte[] frames(FuzzedInput data) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        while (data.hasMore()) {
            wire.write(data.next());
            byte[] payload = data.block();
            if (payload.length < 126) {
                wire.write(payload.length);
            } else {
                wire.write(126);
                wire.write(payload.length >> 8);
                wire.write(payload.length);
            }
            wire.writeBytes(payload);
        }
        return wire.toByteArray();
    }

    private static List<String> received(EngineSettings settings, byte[] wire, int piece) {
        FuzzedEngine engine = new FuzzedEngine(Role.CLIENT, settings);
        engine.receive(wire, piece);
        engine.close();
        // Where both are the matter, a block that is corrupt behind the limit is seen first or last, depending on the cut.
        return engine.told().stream().map(told -> told.equals("closed 1009") ? "closed 1007" : told).toList();
    }

    /** What one side sends comes to the other as it was, whatever they agreed on and however little memory the sender has. */
    @FuzzTest(maxDuration = "5m")
    void comesAsItWasSent(byte[] input) {
        FuzzedInput data = new FuzzedInput(Objects.requireNonNull(input));
        Memory clients = new Memory(MEMORY_BYTES);
        Memory servers = new Memory(MEMORY_BYTES >> data.next() % 23);
        FuzzedInput.Agreed agreed = data.agreed(clients, servers);
        FuzzedEngine server = new FuzzedEngine(Role.SERVER, EngineSettings.DEFAULT.withDeflate(agreed.ofServer()));
        FuzzedEngine client = new FuzzedEngine(Role.CLIENT, EngineSettings.DEFAULT.withDeflate(agreed.ofClient()).withLimits(Limits.DEFAULT.withMessageBytes(1 << 26)));

        List<String> sent = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean inMessage = false;
        while (data.hasMore()) {
            int flags = data.next();
            byte[] part = repeated(data.block(), 1 + (flags >> 4));
            boolean fin = (flags & 1) == 0 || !data.hasMore();
            server.engine.send(Frame.of(inMessage ? Opcode.CONTINUATION : Opcode.BINARY, fin, ByteBuffer.wrap(part)), null);
            message.writeBytes(part);
            inMessage = !fin;
            if (fin) {
                sent.add(FuzzedEngine.message(Opcode.BINARY, message.toByteArray()));
                message.reset();
            }
            client.receive(server.sent(), Integer.MAX_VALUE);
        }
        assertThat(client.told()).isEqualTo(sent);

        server.close();
        client.close();
        clients.close();
        servers.close();
        assertThat(clients.usedBytes() + servers.usedBytes()).isZero();
    }

    private static byte[] repeated(byte[] part, int times) {
        ByteBuffer repeated = ByteBuffer.allocate(part.length * times);
        for (int i = 0; i < times; i++) {
            repeated.put(part);
        }
        return repeated.array();
    }
}
