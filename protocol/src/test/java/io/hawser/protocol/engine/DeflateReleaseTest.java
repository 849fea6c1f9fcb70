// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.binary;
import static io.hawser.protocol.testing.EngineProbe.closed;
import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.testing.DeflateWalker;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.SentMessages;
import io.hawser.protocol.testing.SentMessages.Sent;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What compression takes in each state of a connection, and gives back at each end. */
class DeflateReleaseTest {
    private static final byte[] HELLO = hex("f2 48 cd c9 c9 07 00");
    private static final long CONTEXT = 32 << 10;
    private static final long KEPT = 2 << 10;
    private static final byte[] LINES = Wire.utf8("the same line again and again, ".repeat(30));

    private final Memory memory = new Memory(8 << 20);

    private static EngineProbe server(Memory memory, String... offered) {
        return new EngineProbe(Role.SERVER, Deflated.server(Deflated.ALL, memory, offered), Pieces.CHUNKS).requestAll();
    }

    private static byte[] to(int first, byte[] payload) {
        return Wire.to(Role.SERVER, first, payload);
    }

    private static void send(EngineProbe probe, byte[] payload) {
        probe.engine.send(Opcode.BINARY, ByteBuffer.wrap(payload), null);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    // ---- every state, every end

    /** Where a connection is when it ends. */
    enum State {
        NEW,
        IDLE,
        INSIDE_A_FRAME_THAT_COMES,
        BETWEEN_FRAGMENTS_THAT_COME,
        HELD_BACK,
        BETWEEN_FRAGMENTS_THAT_LEAVE,
        BLOCKED_IN_A_MESSAGE_THAT_LEAVES,
        BLOCKED_IN_FRONT_OF_IT;

        void reach(EngineProbe server) {
            if (this != NEW) {
                server.receive(Deflated.frame(Role.SERVER, Wire.TEXT, HELLO));
                send(server, LINES);
            }
            switch (this) {
                case NEW, IDLE -> {}
                case INSIDE_A_FRAME_THAT_COMES -> {
                    server.receive(Wire.headerTo(Role.SERVER, Wire.FIN | Deflated.RSV1 | Wire.TEXT, 7));
                    server.receive(hex("f2 48"));
                }
                case BETWEEN_FRAGMENTS_THAT_COME -> server.receive(to(Deflated.RSV1 | Wire.TEXT, hex("f2 48 cd")));
                case HELD_BACK -> {
                    server.takesOfChunk(remaining -> Math.min(remaining, 10));
                    server.receive(Deflated.frame(Role.SERVER, Wire.BINARY, Deflated.message(noise(50_000))));
                }
                case BETWEEN_FRAGMENTS_THAT_LEAVE -> server.engine.send(Frame.wrap(Opcode.BINARY, false, LINES), null);
                case BLOCKED_IN_A_MESSAGE_THAT_LEAVES -> {
                    server.outbound.takes(1);
                    send(server, noise(100_000));
                }
                case BLOCKED_IN_FRONT_OF_IT -> {
                    server.outbound.takes(0);
                    send(server, LINES);
                }
            }
        }

        boolean isBlocked() {
            return this == BLOCKED_IN_A_MESSAGE_THAT_LEAVES || this == BLOCKED_IN_FRONT_OF_IT;
        }

        boolean readsFrames() {
            return this != INSIDE_A_FRAME_THAT_COMES && this != HELD_BACK;
        }
    }

    /** How a connection ends. */
    enum End {
        CLOSED_BY_THE_PEER,
        CLOSED_BY_US,
        CLOSED_BY_US_WITHOUT_AN_ANSWER,
        VIOLATION,
        CORRUPT,
        FAILED,
        ABORTED,
        INPUT_ENDED,
        TRANSPORT_CLOSED,
        DEAD_PEER;

        void happen(EngineProbe server) {
            switch (this) {
                case CLOSED_BY_THE_PEER -> server.receive(Wire.closeTo(Role.SERVER, 1000, ""));
                case CLOSED_BY_US -> {
                    server.engine.close(CloseStatus.of(1000), server.now());
                    server.receive(Wire.closeTo(Role.SERVER, 1000, ""));
                }
                case CLOSED_BY_US_WITHOUT_AN_ANSWER -> {
                    server.engine.close(CloseStatus.of(1000), server.now());
                    server.acceptAll();
                    server.pass(Duration.ofMinutes(2));
                }
                case VIOLATION -> server.receive(hex("ff 80 00 00 00 00"));
                case CORRUPT -> server.receive(to(Wire.FIN | Wire.CONTINUATION, hex("07 07 07 07")), Deflated.frame(Role.SERVER, Wire.TEXT, hex("07 07")));
                case FAILED -> server.engine.fail(CloseStatus.of(1011), server.now());
                case ABORTED -> server.engine.abort("enough", server.now());
                case INPUT_ENDED -> server.receiveEnd();
                case TRANSPORT_CLOSED -> server.engine.transportClosed("reset", server.now());
                case DEAD_PEER -> server.pass(Duration.ofMinutes(2));
            }
        }

        boolean needsInput() {
            return this == CLOSED_BY_THE_PEER || this == CLOSED_BY_US || this == VIOLATION || this == CORRUPT;
        }

        boolean cutsTheTransport() {
            return this == ABORTED || this == TRANSPORT_CLOSED || this == DEAD_PEER || this == CLOSED_BY_US_WITHOUT_AN_ANSWER;
        }
    }

    static Stream<Arguments> endings() {
        return Stream.of(State.values()).flatMap(state -> Stream.of(End.values())
                .filter(end -> state.readsFrames() || !end.needsInput())
                .filter(end -> state != State.HELD_BACK || end != End.DEAD_PEER)
                .map(end -> Arguments.of(state, end)));
    }

    @ParameterizedTest
    @MethodSource("endings")
    @Tag("hostile-49")
    void isGivenBack(State state, End end) {
        EngineProbe server = server(memory);
        assertThat(memory.usedBytes()).isEqualTo(CONTEXT);
        state.reach(server);
        memory.close(); // what waits for the next message is ended; what is left is the connection's
        assertThat(memory.usedBytes()).isGreaterThanOrEqualTo(CONTEXT);
        end.happen(server);
        if (state.isBlocked() && !end.cutsTheTransport()) {
            assertThat(memory.usedBytes()).as("what waits is still to be compressed").isLessThan(400 << 10);
            server.engine.transportClosed("reset", server.now());
        }
        assertThat(memory.usedBytes()).isZero();
        server.engine.transportClosed("gone", server.now());
        server.engine.abort("twice", server.now());
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    @Tag("hostile-49")
    void isTakenForTheLengthOfAMessage() {
        EngineProbe server = server(memory, "client_no_context_takeover", "server_no_context_takeover");
        memory.close();
        assertThat(memory.usedBytes()).isZero();
        server.receive(to(Deflated.RSV1 | Wire.TEXT, hex("f2 48 cd")));
        long inflater = memory.usedBytes();
        assertThat(inflater).isBetween(32L << 10, 64L << 10);
        server.engine.send(Frame.wrap(Opcode.BINARY, false, LINES), null);
        assertThat(memory.usedBytes() - inflater).isBetween(256L << 10, 320L << 10);
        server.receive(to(Wire.FIN | Wire.CONTINUATION, hex("c9 c9 07 00")));
        server.engine.send(Frame.wrap(Opcode.CONTINUATION, true, LINES), null);
        assertThat(memory.usedBytes()).isZero();
        send(server, noise(100));
        assertThat(memory.usedBytes()).as("by a message that left as it was").isZero();
        server.engine.abort("over", server.now());
    }

    @Test
    @Tag("hostile-49")
    void isTakenOnceByAnApplicationThatNeverEndsItsMessages() {
        EngineProbe server = server(memory);
        server.engine.send(Frame.wrap(Opcode.BINARY, false, LINES), null);
        long once = memory.usedBytes();
        server.engine.send(Frame.wrap(Opcode.BINARY, false, LINES), null);
        assertThat(memory.usedBytes()).isEqualTo(once);
        server.engine.abort("over", server.now());
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    @Tag("hostile-50")
    void isTakenForTheWindowsThatWereAgreedOn() {
        for (int bits = 8; bits <= 15; bits++) {
            EngineProbe server = server(memory, "client_max_window_bits=" + bits, "server_max_window_bits=" + bits);
            assertThat(memory.usedBytes()).isEqualTo(1L << bits);
            memory.close();
            send(server, LINES);
            assertThat(memory.usedBytes() - (1L << bits)).isEqualTo(Math.min(KEPT, 1L << bits - 1));
            server.engine.abort("over", server.now());
            assertThat(memory.usedBytes()).isZero();
        }
    }

    // ---- many

    @Test
    @Tag("hostile-50")
    void isBoundedForTenThousandIdleConnections() {
        List<EngineProbe> servers = new ArrayList<>();
        int withContext = 0;
        for (int i = 0; i < 10_000; i++) {
            EngineProbe server = server(memory);
            servers.add(server);
            server.receive(Deflated.frame(Role.SERVER, Wire.TEXT, HELLO));
            server.told();
            server.receive(Deflated.frame(Role.SERVER, Wire.TEXT, hex("f2 00 11 00 00"))); // refers to the one before
            withContext += server.engine.isOpen() ? 1 : 0;
            if (server.engine.isOpen()) {
                send(server, LINES);
                assertThat(SentMessages.read(Role.SERVER, server.outbound.bytes())).extracting(Sent::compressed).contains(true);
            }
            assertThat(memory.usedBytes()).isLessThanOrEqualTo(8 << 20);
        }
        assertThat(withContext).isBetween(100, 192);
        servers.forEach(server -> server.engine.abort("over", server.now()));
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    // ---- none

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-50")
    void leavesMessagesAsTheyAreWithoutAny(Pieces pieces) {
        Memory none = new Memory(0);
        PermessageDeflate agreed = PermessageDeflate.accept(List.of(Deflated.extension()), Deflated.ALL, none).orElseThrow();
        EngineProbe server = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT.withDeflate(agreed), pieces).requestAll();
        send(server, LINES);
        server.engine.send(new PermessageDeflate.Shared(Opcode.BINARY, ByteBuffer.wrap(LINES)), null);
        server.engine.send(Frame.wrap(Opcode.BINARY, false, LINES), null);
        server.engine.send(Frame.wrap(Opcode.CONTINUATION, true, LINES), null);
        assertThat(server.sent()).containsExactly(
                binary(LINES), binary(LINES), EngineProbe.data(Wire.BINARY, false, LINES), EngineProbe.data(Wire.CONTINUATION, true, LINES));
        server.receive(to(Wire.FIN | Wire.BINARY, hex("01")));
        assertThat(server.told()).containsExactly(binary(hex("01")));
        server.receive(Deflated.frame(Role.SERVER, Wire.TEXT, HELLO));
        assertThat(server.told()).containsExactly(closed(1013, true, false));
        assertThat(server.violation()).hasMessageContaining("there is no memory left to inflate a message");
        assertThat(none.usedBytes()).isZero();
    }

    @Test
    @Tag("hostile-50")
    void refusesAMessageWhileOthersTakeAllAndNoLonger() {
        Memory small = new Memory(60 << 10);
        String[] noContext = {"client_no_context_takeover", "server_no_context_takeover"};
        EngineProbe first = server(small, noContext);
        EngineProbe second = server(small, noContext);
        EngineProbe third = server(small, noContext);
        first.receive(to(Deflated.RSV1 | Wire.TEXT, hex("f2 48 cd")));
        second.receive(Deflated.frame(Role.SERVER, Wire.TEXT, HELLO));
        assertThat(second.told()).containsExactly(closed(1013, true, false));
        first.receive(to(Wire.FIN | Wire.CONTINUATION, hex("c9 c9 07 00")));
        third.receive(Deflated.frame(Role.SERVER, Wire.TEXT, HELLO));
        assertThat(third.told()).containsExactly(EngineProbe.text("Hello"));
        first.engine.abort("over", first.now());
        third.engine.abort("over", third.now());
        small.close();
        assertThat(small.usedBytes()).isZero();
    }

    /** What is sent refers to nothing while memory is short, and does again later. */
    @ParameterizedTest
    @EnumSource
    @Tag("hostile-50")
    void isGivenBackByIdleConnectionsWhenItGetsShort(Noticed how) {
        Memory small = new Memory(2 << 20);
        EngineSettings settings = Deflated.server(Deflated.ALL, small);
        EngineProbe server = new EngineProbe(Role.SERVER, settings, Pieces.MESSAGES).requestAll();
        send(server, LINES);
        send(server, LINES);
        long before = small.usedBytes();
        int many = 47; // three quarters of it, with the first
        List<EngineProbe> others = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            others.add(new EngineProbe(Role.SERVER, settings, Pieces.MESSAGES));
        }
        if (how == Noticed.AT_A_PING) {
            server.engine.ping(hex("01"), nanos -> {});
        } else {
            send(server, LINES);
        }
        assertThat(small.usedBytes()).isEqualTo(before + many * CONTEXT - KEPT);
        send(server, LINES);
        others.forEach(other -> other.engine.abort("over", other.now()));
        send(server, LINES);
        send(server, LINES);
        List<Integer> lengths = SentMessages.read(Role.SERVER, server.outbound.bytes()).stream().map(sent -> sent.payload().length).toList();
        int full = lengths.get(0);
        int brief = lengths.get(1);
        assertThat(brief).isLessThan(full / 2);
        assertThat(lengths).isEqualTo(how == Noticed.AT_A_PING ? List.of(full, brief, full, full, brief) : List.of(full, brief, brief, full, full, brief));
        DeflateWalker walker = new DeflateWalker();
        SentMessages.read(Role.SERVER, server.outbound.bytes()).forEach(sent -> assertThat(walker.message(sent.payload())).isEqualTo(LINES));
        server.engine.abort("over", server.now());
        small.close();
        assertThat(small.usedBytes()).isZero();
    }

    /** When a connection notices that memory is short. */
    enum Noticed {
        AT_A_PING,
        AT_THE_END_OF_A_MESSAGE
    }

    @Test
    void isNotTakenByWhatIsOnlyAgreedOn() {
        Policy policy = Policy.DEFAULT;
        PermessageDeflate.offers(policy, memory);
        PermessageDeflate.accept(List.of(Deflated.extension()), policy, memory);
        assertThat(memory.usedBytes()).isZero();
        assertThat(memory.maxBytes()).isEqualTo(8 << 20);
    }
}
