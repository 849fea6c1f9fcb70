// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.binary;
import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.deflate.Deflation;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.testing.DeflateWalker;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.ProbeHost;
import io.hawser.protocol.testing.SentMessages;
import io.hawser.protocol.testing.SentMessages.Sent;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine makes of messages that leave, read by a walker through their blocks. */
class OutgoingDeflateTest {
    private static final int PART = Deflation.PART_BYTES;
    private static final String RECORD = "{\"price\": 1234567890, \"side\": \"sell\", \"symbol\": \"ABC\", \"venue\": \"XETRA\"} ";

    private final Memory memory = new Memory(4 << 20);
    private final List<EngineProbe> probes = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        probes.forEach(probe -> probe.engine.abort("over", probe.now()));
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private EngineProbe server(Policy policy, String... offered) {
        return probe(Role.SERVER, Deflated.server(policy, memory, offered));
    }

    private EngineProbe server() {
        return server(Deflated.ALL);
    }

    private EngineProbe probe(Role role, EngineSettings settings) {
        EngineProbe probe = new EngineProbe(role, settings, Pieces.MESSAGES).requestAll();
        probes.add(probe);
        return probe;
    }

    private static Policy policy(int level, int threshold, boolean context, int windowBits) {
        return new Policy(level, threshold, (opcode, payload) -> true, context, context, windowBits, windowBits);
    }

    private void send(EngineProbe probe, byte[] message) {
        int number = done.size();
        done.add("");
        probe.engine.send(Opcode.BINARY, ByteBuffer.wrap(message), accepted -> done.set(number, done.get(number) + accepted));
    }

    private static byte[] records(int length) {
        return Arrays.copyOf(Wire.utf8(RECORD.repeat(length / RECORD.length() + 1)), length);
    }

    private static byte[] random(int length, int seed) {
        byte[] random = new byte[length];
        new Random(seed).nextBytes(random);
        return random;
    }

    /** Text that repeats at every distance: words of a small vocabulary, and now and then one of long ago. */
    private static byte[] words(Random random, int length) {
        ByteBuffer words = ByteBuffer.allocate(length);
        while (words.hasRemaining()) {
            byte[] word = random(12, random.nextInt(random.nextBoolean() ? 20 : 5000));
            words.put(word, 0, Math.min(word.length, words.remaining()));
        }
        return words.array();
    }

    private static List<Sent> messages(EngineProbe probe, Role role) {
        return SentMessages.read(role, probe.outbound.bytes());
    }

    // ---- windows

    @ParameterizedTest
    @CsvSource({"8,true", "9,true", "10,true", "11,true", "12,true", "13,true", "14,true", "15,true", "8,false", "10,false", "14,false", "15,false"})
    void refersNoFurtherBackThanTheWindow(int bits, boolean context) {
        EngineProbe server = server(policy(bits % 9 + 1, 0, context, bits));
        Random random = new Random(bits);
        List<byte[]> sent = new ArrayList<>();
        for (int length : new int[] {1, 100, 255, 256, 257, 1000, 30, 3000, 20_000, 30_000, PART, PART + 1, 10, 90_000, 40, 40, 2048, 50}) {
            sent.add(words(random, length));
            send(server, sent.get(sent.size() - 1));
        }
        DeflateWalker walker = new DeflateWalker();
        for (int i = 0; i < sent.size(); i++) {
            Sent message = messages(server, Role.SERVER).get(i);
            // 7.2.1: only compressed text goes through the window.
            byte[] text = message.compressed() ? walker.message(message.payload()) : message.payload();
            assertThat(text).as("message %s", i).isEqualTo(sent.get(i));
        }
        assertThat(walker.largestDistance()).isLessThanOrEqualTo(1 << bits).isGreaterThan(1 << bits - 2);
        assertThat(walker.refersToEarlierMessages()).isEqualTo(context);
    }

    @Test
    void refersNotToMessagesThatLeftAsTheyAre() {
        EngineProbe server = server(policy(1, 100, true, 15));
        byte[] first = records(120);
        byte[] between = random(99, 3);
        send(server, first);
        send(server, between);
        send(server, Wire.join(first, between, between));
        List<Sent> sent = messages(server, Role.SERVER);
        assertThat(sent).extracting(Sent::compressed).containsExactly(true, false, true);
        DeflateWalker walker = new DeflateWalker();
        assertThat(walker.message(sent.get(0).payload())).isEqualTo(first);
        assertThat(walker.message(sent.get(2).payload())).isEqualTo(Wire.join(first, between, between));
        assertThat(walker.largestDistance()).isEqualTo(120);
    }

    /** Of what does not get shorter nothing is kept, as the peer gets it as it is. */
    @ParameterizedTest
    @ValueSource(ints = {8, 12, 15})
    void leavesWhatDoesNotGetShorterAsItIs(int bits) {
        EngineProbe server = server(policy(6, 0, true, bits));
        byte[] noise = random(100, 1);
        send(server, records(200));
        send(server, noise);
        send(server, new byte[0]);
        send(server, Wire.join(noise, noise));
        send(server, records(200));
        List<Sent> sent = messages(server, Role.SERVER);
        assertThat(sent).extracting(Sent::compressed).containsExactly(true, false, false, true, true);
        assertThat(server.sent()).element(1).isEqualTo(binary(noise));
        DeflateWalker walker = new DeflateWalker();
        walker.message(sent.get(0).payload());
        assertThat(walker.message(sent.get(3).payload())).isEqualTo(Wire.join(noise, noise));
        assertThat(walker.message(sent.get(4).payload())).isEqualTo(records(200));
    }

    @Test
    void compressesAtTheLevelOfTheConnectionWhoeverHadTheDeflaterBefore() {
        for (int level : new int[] {1, 9, 1, 5, 6, 1}) {
            EngineProbe server = server(policy(level, 0, true, 15));
            byte[] message = records(5000);
            send(server, message);
            Sent sent = messages(server, Role.SERVER).get(0);
            assertThat(new DeflateWalker().message(sent.payload())).as("level %s", level).isEqualTo(message);
            assertThat(sent.payload().length).isLessThan(300);
        }
    }

    // ---- which messages

    @ParameterizedTest
    @CsvSource({"255,false", "256,true"})
    void leavesShortMessagesAsTheyAre(int length, boolean compressed) {
        EngineProbe server = server(Policy.DEFAULT);
        send(server, records(length));
        assertThat(messages(server, Role.SERVER)).extracting(Sent::compressed).containsExactly(compressed);
    }

    @Test
    void asksThePredicate() {
        List<String> asked = new ArrayList<>();
        EngineProbe server = server(new Policy(1, 10, (opcode, payload) -> {
            asked.add(opcode + " " + payload.remaining() + (payload.isReadOnly() ? "" : " writable"));
            payload.position(payload.limit());
            return opcode == Opcode.TEXT;
        }, true, true, 15, 15));
        send(server, records(500));
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(records(500)), null);
        send(server, records(9));
        server.outbound.takes(0);
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(records(501)), null);
        server.outbound.takes(Integer.MAX_VALUE);
        server.acceptAll();
        assertThat(messages(server, Role.SERVER)).extracting(Sent::compressed).containsExactly(false, true, false, true);
        assertThat(asked).containsExactly("BINARY 500", "TEXT 500", "TEXT 501");
    }

    // ---- parts

    @ParameterizedTest
    @EnumSource
    void leavesInPartsWithControlFramesInBetween(Role role) {
        EngineProbe probe = role == Role.SERVER ? server() : client();
        probe.outbound.takes(0);
        byte[] message = words(new Random(1), 3 * PART + 5);
        send(probe, message);
        assertThat(probe.engine.waitingBytes()).isEqualTo(message.length);
        for (int part = 1; part <= 4; part++) {
            probe.outbound.takes(1);
            probe.engine.onAccepted(0, probe.now());
            int left = Math.max(0, message.length - part * PART);
            assertThat(probe.engine.waitingBytes()).isEqualTo(left + probe.outbound.size());
            assertThat(done).containsExactly("");
            if (part < 4) {
                probe.engine.send(Frame.pong(new byte[] {(byte) part}), null);
                probe.outbound.takes(1);
                probe.engine.onAccepted(0, probe.now());
            }
        }
        List<String> frames = probe.sent();
        assertThat(frames).hasSize(7);
        assertThat(frames.get(0)).startsWith("rsv 4 BINARY more");
        assertThat(frames).element(1).isEqualTo("PONG fin 01");
        assertThat(frames.get(2)).startsWith("CONTINUATION more");
        assertThat(frames.get(4)).startsWith("CONTINUATION more");
        assertThat(frames.get(6)).startsWith("CONTINUATION fin");
        assertThat(probe.engine.waitingBytes()).isEqualTo(probe.outbound.size());
        probe.acceptAll();
        assertThat(done).containsExactly("true");
        assertThat(probe.engine.waitingBytes()).isZero();
        assertThat(new DeflateWalker().message(messages(probe, role).get(0).payload())).isEqualTo(message);
    }

    private EngineProbe client() {
        PermessageDeflate agreed = PermessageDeflate.agreed(
                        List.of(Deflated.extension()), List.of(Deflated.extension()), Deflated.ALL, memory)
                .orElseThrow();
        return probe(Role.CLIENT, EngineSettings.DEFAULT.withDeflate(agreed));
    }

    @Test
    void masksWhatAClientSends() {
        EngineProbe client = client();
        byte[] message = records(700);
        client.engine.send(Frame.wrap(Opcode.BINARY, true, message).withMaskingKey(0x01020304), null);
        client.engine.send(Opcode.BINARY, ByteBuffer.wrap(message), null);
        byte[] bytes = client.outbound.bytes();
        assertThat(Arrays.copyOf(bytes, 2)).isEqualTo(new byte[] {(byte) 0xC2, (byte) (0x80 | bytes[1] & 0x7F)});
        assertThat(Arrays.copyOfRange(bytes, 2, 6)).isEqualTo(hex("01 02 03 04"));
        DeflateWalker walker = new DeflateWalker();
        for (Sent sent : messages(client, Role.CLIENT)) {
            assertThat(walker.message(sent.payload())).isEqualTo(message);
        }
        assertThat(message).as("is not altered").isEqualTo(records(700));
    }

    @Test
    void sendsMessagesInOrderAndTellsOfEach() {
        EngineProbe server = server();
        server.outbound.takes(0);
        List<byte[]> sent = List.of(records(500), random(300, 2), records(2 * PART), new byte[0], random(PART + 1, 4), records(300));
        sent.forEach(message -> send(server, message));
        assertThat(server.engine.waitingBytes()).isEqualTo(sent.stream().mapToInt(message -> message.length).sum());
        for (int i = 0; i < 20; i++) {
            server.outbound.takes(1);
            server.engine.onAccepted(server.outbound.size(), server.now());
        }
        server.acceptAll();
        assertThat(done).containsOnly("true").hasSize(6);
        DeflateWalker walker = new DeflateWalker();
        List<Sent> left = messages(server, Role.SERVER);
        for (int i = 0; i < sent.size(); i++) {
            byte[] payload = left.get(i).payload();
            assertThat(left.get(i).compressed() ? walker.message(payload) : payload).isEqualTo(sent.get(i));
        }
        assertThat(server.engine.waitingBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 4000, PART, PART + 1, 3 * PART})
    void compressesAMessageThatLeavesInFragments(int fragmentBytes) {
        EngineProbe server = probe(Role.SERVER, Deflated.server(Deflated.ALL, memory).withFragmentBytes(fragmentBytes));
        byte[] message = words(new Random(3), fragmentBytes == 1 ? 300 : 120_000);
        send(server, message);
        send(server, message);
        DeflateWalker walker = new DeflateWalker();
        for (Sent sent : messages(server, Role.SERVER)) {
            assertThat(sent.compressed()).isTrue();
            assertThat(walker.message(sent.payload())).isEqualTo(message);
        }
        assertThat(walker.blocks()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"15,true", "15,false", "8,true", "8,false"})
    void compressesFragmentsOfTheApplication(int bits, boolean context) {
        EngineProbe server = server(policy(1, 1000, context, bits));
        byte[] piece = records(500);
        DeflateWalker walker = new DeflateWalker();
        for (int i = 0; i < 2; i++) {
            server.engine.send(Frame.wrap(Opcode.TEXT, false, piece), null);
            server.engine.send(Frame.ping(hex("01")), null);
            server.engine.send(Frame.wrap(Opcode.CONTINUATION, false, new byte[0]), null);
            server.engine.send(Frame.wrap(Opcode.CONTINUATION, false, piece), null);
            server.engine.send(Frame.wrap(Opcode.CONTINUATION, true, i == 0 ? piece : new byte[0]), null);
            Sent sent = messages(server, Role.SERVER).get(i);
            assertThat(sent.compressed()).isTrue();
            assertThat(walker.message(sent.payload())).isEqualTo(i == 0 ? Wire.join(piece, piece, piece) : Wire.join(piece, piece));
        }
        assertThat(walker.refersToEarlierMessages()).isEqualTo(context);
    }

    // ---- compressed by somebody else

    @Test
    void leavesAFrameThatIsCompressedAlreadyAsItIsAndBeginsAnew() {
        EngineProbe server = server();
        byte[] message = records(600);
        send(server, message);
        byte[] other = Deflated.message(records(300));
        server.engine.send(Frame.wrap(Opcode.BINARY, true, other).withRsv(4), null);
        server.engine.send(Frame.wrap(Opcode.BINARY, false, Arrays.copyOf(other, 5)).withRsv(4), null);
        server.engine.send(Frame.wrap(Opcode.CONTINUATION, true, Arrays.copyOfRange(other, 5, other.length)), null);
        send(server, message);
        List<Sent> sent = messages(server, Role.SERVER);
        assertThat(sent).extracting(Sent::compressed).containsOnly(true);
        assertThat(sent.get(1).payload()).isEqualTo(other);
        assertThat(sent.get(2).payload()).isEqualTo(other);
        assertThat(sent.get(3).payload()).as("refers to nothing").isEqualTo(sent.get(0).payload());
    }

    // ---- closing

    @Test
    void closesBehindWhatIsQueued() {
        EngineProbe server = server();
        server.outbound.takes(0);
        byte[] message = words(new Random(4), 2 * PART);
        send(server, message);
        server.engine.close(CloseStatus.of(1000), server.now());
        send(server, message);
        assertThat(done).containsExactly("", "false");
        for (int i = 0; i < 3; i++) {
            server.outbound.takes(1);
            server.engine.onAccepted(0, server.now());
        }
        server.acceptAll();
        assertThat(done).containsExactly("true", "false");
        assertThat(server.sent()).hasSize(3).last().isEqualTo("CLOSE fin 03 e8");
        assertThat(new DeflateWalker().message(messages(server, Role.SERVER).get(0).payload())).isEqualTo(message);
    }

    @Test
    void compressesWhatStagesGiveOut() {
        EngineProbe server = new EngineProbe(
                Role.SERVER, Deflated.server(Deflated.ALL, memory), Pieces.MESSAGES, new ProbeHost(stage -> new FrameStage.Frames() {
                    @Override
                    public List<Frame> outgoing(Frame frame) {
                        return List.of(frame, Frame.text("and " + "more ".repeat(20)));
                    }
                }));
        probes.add(server);
        send(server, records(400));
        server.engine.send(new PermessageDeflate.Shared(Opcode.BINARY, ByteBuffer.wrap(records(400))), null);
        DeflateWalker walker = new DeflateWalker();
        List<Sent> sent = messages(server, Role.SERVER);
        assertThat(sent).hasSize(4).extracting(Sent::compressed).containsOnly(true);
        for (int i = 0; i < 4; i++) {
            assertThat(walker.message(sent.get(i).payload())).isEqualTo(i % 2 == 0 ? records(400) : Wire.utf8("and " + "more ".repeat(20)));
        }
        server.acceptAll();
        assertThat(done).containsExactly("true");
    }
}
