// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one engine compresses, the other gets. */
@Tag("L3")
class DeflateRoundTripTest {
    private static final String RECORDS = "{\"price\": 1234567890, \"side\": \"sell\", \"symbol\": \"ABC\"} ";

    private final Memory memory = new Memory(64 << 20);
    private final Random random = new Random(7);

    /** Of each kind and of many lengths; the longest leave in parts. */
    private List<byte[]> messages() {
        return IntStream.of(0, 1, 5, 100, 125, 126, 1000, 2048, 5000, 32768, 32769, 70000, 300000)
                .boxed()
                .flatMap(length -> IntStream.range(0, 3).mapToObj(kind -> message(kind, length)))
                .toList();
    }

    private byte[] message(int kind, int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = switch (kind) {
                case 0 -> 'a';
                case 1 -> (byte) random.nextInt(256);
                default -> (byte) RECORDS.charAt((i % 17 + random.nextInt(4)) % RECORDS.length());
            };
        }
        return message;
    }

    @ParameterizedTest
    @CsvSource({"15,true,1", "15,false,1", "15,true,9", "14,true,1", "12,true,6", "12,false,6", "9,true,1", "8,true,1", "8,false,9"})
    void getsWhatWasSent(int windowBits, boolean context, int level) {
        Policy policy = new Policy(level, 0, (opcode, payload) -> true, context, context, windowBits, windowBits);
        Deflated.Pair pair = new Deflated.Pair(policy, policy, memory);
        for (byte[] message : messages()) {
            pair.client.engine.send(Opcode.BINARY, ByteBuffer.wrap(message), null);
            pair.server.engine.send(Opcode.BINARY, ByteBuffer.wrap(message), null);
            pair.pass();
            assertThat(pair.server.told()).containsExactly(EngineProbe.binary(message));
            assertThat(pair.client.told()).containsExactly(EngineProbe.binary(message));
        }
        pair.client.engine.abort("over", pair.client.now());
        pair.server.engine.abort("over", pair.server.now());
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void sendsLessOfWhatIsLikeTheMessageBefore() {
        Deflated.Pair pair = new Deflated.Pair(Deflated.ALL, Deflated.ALL, memory);
        byte[] message = RECORDS.getBytes(StandardCharsets.UTF_8);
        pair.client.engine.send(Opcode.TEXT, ByteBuffer.wrap(message), null);
        int first = pair.pass();
        pair.client.engine.send(Opcode.TEXT, ByteBuffer.wrap(message), null);
        int second = pair.pass();
        assertThat(first).isGreaterThan(40);
        assertThat(second).isLessThan(20);
    }

    /** Connections of different routes share compressors. */
    @Test
    void changesTheLevelBetweenMessages() {
        byte[] message = RECORDS.repeat(20).getBytes(StandardCharsets.UTF_8);
        List<Deflated.Pair> pairs = IntStream.of(1, 9, 4)
                .mapToObj(level -> new Policy(level, 0, (opcode, payload) -> true, true, true, 15, 15))
                .map(policy -> new Deflated.Pair(policy, policy, memory))
                .toList();
        for (int round = 0; round < 3; round++) {
            for (Deflated.Pair pair : pairs) {
                pair.server.engine.send(Opcode.TEXT, ByteBuffer.wrap(message), null);
                assertThat(pair.pass()).isBetween(1, message.length / 2);
                assertThat(pair.client.told()).containsExactly(EngineProbe.data(1, true, message));
            }
        }
    }
}
