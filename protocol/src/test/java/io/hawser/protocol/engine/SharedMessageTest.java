// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.binary;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.engine.PermessageDeflate.Shared;
import io.hawser.protocol.testing.DeflateWalker;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.SentMessages;
import io.hawser.protocol.testing.SentMessages.Sent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that many connections are sent. */
class SharedMessageTest {
    private final Memory memory = new Memory(4 << 20);
    private final List<EngineProbe> probes = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        probes.forEach(probe -> probe.engine.abort("over", probe.now()));
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private EngineProbe server(EngineSettings settings) {
        EngineProbe probe = new EngineProbe(Role.SERVER, settings, Pieces.MESSAGES).requestAll();
        probes.add(probe);
        return probe;
    }

    private EngineProbe server(Policy policy, String... offered) {
        return server(Deflated.server(policy, memory, offered));
    }

    private static byte[] lines(int length) {
        byte[] lines = new byte[length];
        Random random = new Random(1);
        for (int i = 0; i < length; i++) {
            lines[i] = (byte) ('a' + random.nextInt(3));
        }
        return lines;
    }

    private static Shared shared(byte[] payload) {
        return new Shared(Opcode.BINARY, ByteBuffer.wrap(payload));
    }

    private static List<Sent> sent(EngineProbe probe) {
        return SentMessages.read(Role.SERVER, probe.outbound.bytes());
    }

    /** Levels tell the connections apart: who comes first has compressed for all. */
    @Test
    void isCompressedOnceForAllOfTheSameWindow() {
        Shared message = shared(lines(5000));
        List<byte[]> payloads = new ArrayList<>();
        for (int level : new int[] {9, 1, 5}) {
            EngineProbe probe = server(new Policy(level, 0, (opcode, payload) -> true, true, true, 15, 15));
            probe.engine.send(message, null);
            payloads.add(sent(probe).get(0).payload());
        }
        assertThat(payloads.get(0)).isEqualTo(Deflated.message(lines(5000), 9, 0)).isEqualTo(payloads.get(1)).isEqualTo(payloads.get(2));
        assertThat(payloads.get(0)).isNotEqualTo(Deflated.message(lines(5000), 1, 0));
        EngineProbe other = server(Deflated.ALL, "server_max_window_bits=9");
        other.engine.send(message, null);
        DeflateWalker walker = new DeflateWalker();
        assertThat(walker.message(sent(other).get(0).payload())).isEqualTo(lines(5000));
        assertThat(walker.largestDistance()).isLessThanOrEqualTo(512);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 11, 15})
    void standsAmongMessagesThatReferToEarlierOnes(int bits) {
        EngineProbe server = server(Deflated.ALL, "server_max_window_bits=" + bits);
        byte[] own = Arrays.copyOfRange(lines(1200), 0, 700);
        Shared message = shared(lines(900));
        List<byte[]> expected = List.of(own, own, lines(900), own, own, lines(900), lines(900), own);
        for (byte[] payload : expected) {
            if (payload.length == 900) {
                server.engine.send(message, null);
            } else {
                server.engine.send(Opcode.BINARY, ByteBuffer.wrap(payload), null);
            }
        }
        DeflateWalker walker = new DeflateWalker();
        for (int i = 0; i < expected.size(); i++) {
            assertThat(walker.message(sent(server).get(i).payload())).as("message %s", i).isEqualTo(expected.get(i));
        }
        assertThat(walker.largestDistance()).isLessThanOrEqualTo(1 << bits);
        assertThat(walker.refersToEarlierMessages()).isTrue();
    }

    @Test
    void leavesInOrderWhenTheTransportIsSlow() {
        EngineProbe server = server(Deflated.ALL);
        server.outbound.takes(0);
        List<Boolean> done = new ArrayList<>();
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(lines(900)), done::add);
        server.engine.send(shared(lines(100_000)), done::add);
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(lines(900)), done::add);
        long waiting = server.engine.waitingBytes();
        assertThat(waiting).as("what is shared is compressed by now").isBetween(1800L, 100_000L);
        server.outbound.takes(Integer.MAX_VALUE);
        server.acceptAll();
        server.acceptAll();
        assertThat(done).containsExactly(true, true, true);
        assertThat(server.engine.waitingBytes()).isZero();
        DeflateWalker walker = new DeflateWalker();
        List<Sent> sent = sent(server);
        assertThat(walker.message(sent.get(0).payload())).isEqualTo(lines(900));
        assertThat(walker.message(sent.get(1).payload())).isEqualTo(lines(100_000));
        assertThat(walker.message(sent.get(2).payload())).isEqualTo(lines(900));
        assertThat(sent.get(2).payload()).as("refers to nothing").isEqualTo(sent.get(0).payload());
    }

    @Test
    void leavesAsItIsWhereThatIsNoLonger() {
        byte[] noise = new byte[100_000];
        new Random(2).nextBytes(noise);
        for (byte[] payload : List.of(new byte[0], new byte[] {1}, Arrays.copyOf(noise, 1000))) {
            EngineProbe server = server(Deflated.ALL);
            server.engine.send(shared(payload), null);
            assertThat(server.sent()).containsExactly(binary(payload));
        }
        EngineProbe server = server(Deflated.ALL);
        server.engine.send(shared(noise), null);
        Sent sent = sent(server).get(0);
        assertThat(sent.compressed() ? new DeflateWalker().message(sent.payload()) : sent.payload()).isEqualTo(noise);
    }

    @Test
    void leavesAsItIsWhereThatIsWanted() {
        EngineProbe threshold = server(Policy.DEFAULT);
        threshold.engine.send(shared(lines(255)), null);
        threshold.engine.send(shared(lines(256)), null);
        assertThat(sent(threshold)).extracting(Sent::compressed).containsExactly(false, true);
        EngineProbe predicate = server(new Policy(1, 0, (opcode, payload) -> opcode == Opcode.TEXT, true, true, 15, 15));
        predicate.engine.send(shared(lines(1000)), null);
        predicate.engine.send(new Shared(Opcode.TEXT, ByteBuffer.wrap(lines(1000))), null);
        assertThat(sent(predicate)).extracting(Sent::compressed).containsExactly(false, true);
        EngineProbe plain = server(EngineSettings.DEFAULT);
        plain.engine.send(shared(lines(1000)), null);
        assertThat(plain.sent()).containsExactly(binary(lines(1000)));
    }

    /** A message of more than a megabyte is compressed for each connection in parts, and refers to what that was sent. */
    @ParameterizedTest
    @ValueSource(ints = {(1 << 20), (1 << 20) + 1})
    void isCompressedForEachWhereItIsTooLong(int length) {
        EngineProbe server = server(Deflated.ALL);
        byte[] message = lines(length);
        server.engine.send(shared(message), null);
        assertThat(new DeflateWalker().message(sent(server).get(0).payload())).isEqualTo(message);
        assertThat(server.sent()).hasSize(length > 1 << 20 ? 33 : 1);
    }

    @Test
    void isCutWhereFramesAreToBeShort() {
        EngineProbe server = server(Deflated.server(Deflated.ALL, memory).withFragmentBytes(300));
        server.engine.send(shared(lines(900)), null);
        assertThat(server.sent()).hasSize(3);
        assertThat(new DeflateWalker().message(sent(server).get(0).payload())).isEqualTo(lines(900));
    }

    @Test
    void isRefusedByAConnectionThatCloses() {
        EngineProbe server = server(Deflated.ALL);
        server.engine.close(CloseStatus.of(1000), server.now());
        List<Boolean> done = new ArrayList<>();
        server.engine.send(shared(lines(900)), done::add);
        assertThat(done).containsExactly(false);
        assertThat(server.sent()).hasSize(1);
    }

    @Test
    void staysAsItWasGiven() {
        ByteBuffer payload = ByteBuffer.wrap(lines(1000), 100, 900);
        Shared message = new Shared(Opcode.BINARY, payload);
        EngineProbe server = server(Deflated.ALL);
        server.engine.send(message, null);
        server.engine.send(message, null);
        for (Sent sent : sent(server)) {
            assertThat(new DeflateWalker().message(sent.payload())).isEqualTo(Arrays.copyOfRange(lines(1000), 100, 1000));
        }
        assertThat(payload.position()).isEqualTo(100);
    }

    @Test
    void isSentByManyThreads() throws InterruptedException, ExecutionException {
        Shared message = shared(lines(50_000));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<byte[]>> payloads = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                EngineProbe probe = server(Deflated.ALL);
                payloads.add(threads.submit(() -> {
                    probe.engine.send(message, null);
                    return sent(probe).get(0).payload();
                }));
            }
            for (Future<byte[]> payload : payloads) {
                assertThat(payload.get()).isEqualTo(payloads.get(0).get());
            }
            assertThat(new DeflateWalker().message(payloads.get(0).get())).isEqualTo(lines(50_000));
        }
    }
}
