// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.Wire;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All memory comes back, however a connection ends. */
@Tag("hostile-49")
class DeflateMemoryTest {
    /** Each with two sides. */
    private static final int CONNECTIONS = 50_000;

    private static final int OPEN_AT_ONCE = 50;
    private static final byte[] TEXT = "{\"price\": 1234567890, \"side\": \"sell\"} ".repeat(4).getBytes(StandardCharsets.UTF_8);
    /** RFC 7692 7.2.3.1: "Hello", without its last octets. */
    private static final byte[] CUT = {(byte) 0xF2, 0x48, (byte) 0xCD};

    private final Memory memory = new Memory(16 << 20);

    /** How a connection ends, each in turn. */
    private enum End {
        CLOSED,
        CLOSED_BY_PEER,
        LOST_IN_A_MESSAGE_THAT_COMES,
        LOST_IN_A_MESSAGE_THAT_LEAVES,
        ABORTED_IN_BOTH,
        CORRUPT,
        TRUNCATED,
        NO_PROGRESS;

        void of(Deflated.Pair pair) {
            EngineProbe server = pair.server;
            switch (this) {
                case CLOSED -> server.engine.close(CloseStatus.of(CloseStatus.NORMAL), server.now());
                case CLOSED_BY_PEER -> pair.client.engine.close(CloseStatus.of(CloseStatus.NORMAL), pair.client.now());
                case LOST_IN_A_MESSAGE_THAT_COMES -> {
                    server.receive(Wire.to(Role.SERVER, 0x41, CUT));
                    server.engine.transportClosed("lost", server.now());
                }
                case LOST_IN_A_MESSAGE_THAT_LEAVES -> {
                    sendPart(server);
                    server.engine.transportClosed("lost", server.now());
                }
                case ABORTED_IN_BOTH -> {
                    sendPart(server);
                    server.receive(Wire.to(Role.SERVER, 0x41, CUT));
                    server.engine.abort("over", server.now());
                }
                case CORRUPT -> server.receive(Wire.to(Role.SERVER, 0xC1, new byte[] {(byte) 0xFF, (byte) 0xFF}));
                case TRUNCATED -> server.receive(Wire.to(Role.SERVER, 0xC1, CUT));
                case NO_PROGRESS -> {
                    sendPart(server);
                    server.pass(Duration.ofMinutes(5));
                }
            }
        }

        private static void sendPart(EngineProbe sender) {
            sender.engine.send(Frame.of(Opcode.TEXT, false, ByteBuffer.wrap(TEXT)), null);
        }
    }

    @Test
    void isAllBackBehindAHundredThousandConnections() {
        List<Policy> policies = List.of(Deflated.ALL, policy(true, 9), policy(false, 15), policy(false, 12));
        ArrayDeque<Deflated.Pair> open = new ArrayDeque<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Deflated.Pair pair = new Deflated.Pair(policies.get(i % 4), policies.get(i / 4 % 4), memory);
            pair.client.engine.send(Opcode.TEXT, ByteBuffer.wrap(TEXT), null);
            pair.server.engine.send(Opcode.TEXT, ByteBuffer.wrap(TEXT), null);
            pair.pass();
            assertThat(pair.server.told()).containsExactly(EngineProbe.data(1, true, TEXT));
            assertThat(pair.client.told()).containsExactly(EngineProbe.data(1, true, TEXT));
            open.add(pair);
            if (open.size() > OPEN_AT_ONCE) {
                end(open.remove(), i);
            }
        }
        assertThat(memory.usedBytes()).isBetween(1L, memory.maxBytes());
        open.forEach(pair -> end(pair, CONNECTIONS));
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private static Policy policy(boolean context, int windowBits) {
        return new Policy(1, 0, (opcode, payload) -> true, context, context, windowBits, windowBits);
    }

    private static void end(Deflated.Pair pair, int how) {
        End.values()[how % End.values().length].of(pair);
        pair.server.acceptAll();
        pair.pass();
        pair.pass();
        pair.server.engine.transportClosed("over", pair.server.now());
        pair.client.engine.transportClosed("over", pair.client.now());
    }

    /** A mebibyte that inflates to a gibibyte: what is allocated for it in all, given back or not. */
    @Tag("hostile-45")
    @Tag("L3")
    @Test
    void growsByLittleMoreThanTwiceTheLimitUnderABomb() {
        byte[] mebibyte = Wire.join(Deflated.message(new byte[1 << 20]), new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
        ByteBuffer bomb = ByteBuffer.wrap(Wire.to(Role.SERVER, 0xC2, Wire.repeat(mebibyte, 1024)));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        EngineProbe server = new EngineProbe(Role.SERVER, Deflated.server(Deflated.ALL, memory), Pieces.MESSAGES).requestAll();
        long before = threads.getCurrentThreadAllocatedBytes();
        server.engine.receive(bomb, server.now());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(server.status().code()).isEqualTo(CloseStatus.TOO_BIG);
        assertThat(allocated).isLessThan(5 << 19);
    }
}
