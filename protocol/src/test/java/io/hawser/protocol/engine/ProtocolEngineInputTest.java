// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.binary;
import static io.hawser.protocol.testing.EngineProbe.closed;
import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static io.hawser.protocol.testing.Wire.BINARY;
import static io.hawser.protocol.testing.Wire.CONTINUATION;
import static io.hawser.protocol.testing.Wire.FIN;
import static io.hawser.protocol.testing.Wire.PING;
import static io.hawser.protocol.testing.Wire.PONG;
import static io.hawser.protocol.testing.Wire.TEXT;
import static io.hawser.protocol.testing.Wire.headerTo;
import static io.hawser.protocol.testing.Wire.join;
import static io.hawser.protocol.testing.Wire.repeat;
import static io.hawser.protocol.testing.Wire.to;
import static io.hawser.protocol.testing.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.protocol.Limits;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.EveryCut;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolEngineInputTest {
    private static final Limits LIMITS = Limits.DEFAULT;

    @ParameterizedTest
    @EnumSource
    @Tag("F13")
    @Tag("hostile-24")
    void deliversMessagesHoweverTheyAreFragmented(Role role) {
        reads(role, Pieces.MESSAGES, join(
                        to(role, FIN | TEXT, "whole"), to(role, TEXT, "in "), to(role, CONTINUATION, ""),
                        to(role, FIN | CONTINUATION, "parts"),
                        to(role, FIN | TEXT, ""), to(role, FIN | BINARY, hex("ff"))),
                text("whole"), text("in parts"), text(""), binary(hex("ff")));
    }

    @ParameterizedTest
    @EnumSource(names = {"FRAGMENTS", "CHUNKS"})
    @Tag("F13")
    void deliversFragmentsOneByOneIfAsked(Pieces pieces) {
        reads(Role.SERVER, pieces,
                join(to(Role.SERVER, TEXT, "a"), to(Role.SERVER, CONTINUATION, ""),
                        to(Role.SERVER, FIN | CONTINUATION, "b")),
                "TEXT more 61", "CONTINUATION more", "CONTINUATION fin 62");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("F10")
    @Tag("K1")
    void handlesControlFramesBetweenFragmentsAtOnce(Role role) {
        byte[] stream = join(
                to(role, TEXT, "a"), to(role, FIN | PING, "p"), to(role, FIN | PONG, "q"),
                to(role, FIN | CONTINUATION, "b"));
        EveryCut.of(stream, cut -> {
            EngineProbe probe = EngineProbe.open(role);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly("ping 70", "pong 71", text("ab"));
            assertThat(probe.sent()).containsExactly("PONG fin 70");
        });
    }

    @Test
    @Tag("K1")
    void leavesPingsToTheApplicationIfAsked() {
        EngineProbe probe = probe(Role.SERVER, Pieces.MESSAGES, EngineSettings.DEFAULT.withAutoPong(false));
        probe.receive(to(Role.SERVER, FIN | PING, "p"));
        assertThat(probe.told()).containsExactly("ping 70");
        assertThat(probe.sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "c1 81 00 00 00 00 61, reserved bits are set that no extension claims", // RSV1
        "a1 80 00 00 00 00, reserved bits are set that no extension claims",
        "91 80 00 00 00 00, reserved bits are set that no extension claims",
        "83 80 00 00 00 00, reserved opcode 3",
        "8f 80 00 00 00 00, reserved opcode 15",
        "81 00, a client's frame is not masked",
        "81 fe 00 7d 00 00 00 00, a length is not in its shortest form",
        "81 ff 80 00 00 00 00 00 00 00 00 00 00 00, a 64-bit length has its top bit set",
        "89 fe 00 7e 00 00 00 00, 'a PING frame has 126 bytes, more than 125'",
        "08 80 00 00 00 00, a CLOSE frame is fragmented",
        "80 80 00 00 00 00, a continuation without a message to continue",
        "01 80 00 00 00 00 82 80 00 00 00 00, a new message inside a fragmented one"
    })
    @Tag("F3")
    @Tag("F4")
    @Tag("F5")
    @Tag("F6")
    @Tag("F7")
    @Tag("F8")
    @Tag("hostile-18")
    @Tag("hostile-19")
    @Tag("hostile-20")
    @Tag("hostile-33")
    @Tag("hostile-34")
    @Tag("hostile-44")
    void failsTheConnectionOverABrokenRule(String bytes, String what) {
        byte[] stream = join(to(Role.SERVER, FIN | TEXT, "before"), hex(bytes), to(Role.SERVER, FIN | TEXT, "behind"));
        EveryCut.of(stream, cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(text("before"), closed(1002, true, false));
            assertThat(probe.violation()).hasMessage(what);
            assertThat(probe.status().reason()).isEqualTo(what);
            assertThat(probe.sent()).hasSize(1).first().asString().startsWith("CLOSE fin 03 ea");
            assertThat(probe.outbound.isEnded()).isTrue();
        });
    }

    @Test
    @Tag("F8")
    @Tag("hostile-19")
    void failsOverAServersFrameWithAMask() {
        EveryCut.of(hex("81 80 00 00 00 00"), cut -> {
            EngineProbe probe = EngineProbe.open(Role.CLIENT);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1002, true, false));
            // The server ends TCP first; it has its time to do so.
            assertThat(probe.outbound.isEnded()).isFalse();
            probe.receiveEnd();
            assertThat(probe.outbound.isEnded()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {(1 << 20) + 1, 1L << 31, Long.MAX_VALUE})
    @Tag("L1")
    @Tag("hostile-21")
    void failsAtTheHeaderThatAnnouncesTooMuch(long length) {
        EveryCut.of(headerTo(Role.SERVER, FIN | BINARY, length), cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1009, true, false));
        });
    }

    @Test
    @Tag("L1")
    @Tag("hostile-22")
    void takesTheLimitExactlyAndNotOneByteMore() {
        EngineSettings ten = EngineSettings.DEFAULT.withLimits(LIMITS.withMessageBytes(10));
        byte[] exact = join(to(Role.SERVER, BINARY, "01234"), to(Role.SERVER, FIN | CONTINUATION, "56789"));
        byte[] more = join(to(Role.SERVER, BINARY, "01234"), to(Role.SERVER, FIN | CONTINUATION, "56789x"));
        EveryCut.of(join(exact, more), cut -> {
            EngineProbe probe = probe(Role.SERVER, Pieces.MESSAGES, ten);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(binary(utf8("0123456789")), closed(1009, true, false));
        });
    }

    @Test
    @Tag("L1")
    @Tag("hostile-29")
    @Tag("hostile-32")
    void failsOverOneEmptyFragmentTooMany() {
        byte[] empty = to(Role.SERVER, CONTINUATION, "");
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.receive(to(Role.SERVER, BINARY, ""), repeat(empty, 4095));
        assertThat(probe.told()).isEmpty();
        probe.receive(empty);
        assertThat(probe.told()).containsExactly(closed(1008, true, false));
        assertThat(probe.violation()).hasMessage("a message of more than 4096 fragments");
        probe.receive(repeat(empty, 1_000_000));
        assertThat(probe.told()).isEmpty();
    }

    @Test
    @Tag("hostile-29")
    void allowsOneFragmentMoreForEach64Bytes() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        byte[] one = to(Role.SERVER, CONTINUATION, "x");
        probe.receive(to(Role.SERVER, BINARY, "x"), repeat(one, 4160));
        // After n bytes, 4096 + n / 64 frames may have come: the frame behind byte 4160 would be the 4161st.
        assertThat(probe.told()).isEmpty();
        probe.receive(one);
        assertThat(probe.told()).containsExactly(closed(1008, true, false));
    }

    @Test
    @Tag("hostile-23")
    void delivers10000SmallFramesInOrder() {
        List<String> expected = new ArrayList<>();
        byte[][] frames = new byte[10_000][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = to(Role.SERVER, FIN | TEXT, Integer.toString(i));
            expected.add(text(Integer.toString(i)));
        }
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.receive(frames);
        assertThat(probe.told()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0 80", "ed a0 80", "f4 90 80 80", "61 ff", "80"})
    @Tag("M5")
    @Tag("hostile-25")
    void failsAtTheByteThatNoTextContains(String bad) {
        byte[] payload = hex("e2 82 ac " + bad);
        byte[] header = headerTo(Role.SERVER, TEXT, 1000);
        EveryCut.of(join(header, payload), cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1007, true, false));
        });
    }

    @Test
    @Tag("M5")
    @Tag("hostile-26")
    void takesACodePointThatIsSplitOverFrames() {
        byte[] stream = join(
                to(Role.CLIENT, TEXT, hex("f0 9f")), to(Role.CLIENT, FIN | PING, ""),
                to(Role.CLIENT, CONTINUATION, hex("98")),
                to(Role.CLIENT, FIN | CONTINUATION, hex("80")));
        reads(Role.CLIENT, Pieces.MESSAGES, stream, "ping ", text("\ud83d\ude00"));
        EveryCut.of(to(Role.CLIENT, FIN | TEXT, hex("61 f0 9f 98")), cut -> {
            EngineProbe probe = EngineProbe.open(Role.CLIENT);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1007, true, false));
            assertThat(probe.violation()).hasMessage("text ends inside a code point");
        });
    }

    @Test
    @Tag("hostile-35")
    void failsOverTooManyControlFramesInASecond() {
        byte[] ping = to(Role.SERVER, FIN | PING, "");
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.outbound.takes(0);
        probe.receive(repeat(ping, 200));
        probe.told();
        probe.receive(repeat(ping, 99_800));
        assertThat(probe.told()).containsExactly(closed(1008, true, false));
        probe.outbound.takes(Integer.MAX_VALUE);
        probe.acceptAll();
        assertThat(probe.sent()).hasSize(2).first().isEqualTo("PONG fin");
    }

    @Test
    @Tag("hostile-36")
    void ignoresUnaskedPongs() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.receive(to(Role.SERVER, FIN | PONG, "q"), to(Role.SERVER, FIN | TEXT, "a"));
        assertThat(probe.told()).containsExactly("pong 71", text("a"));
        assertThat(probe.sent()).isEmpty();
    }

    @Test
    @Tag("K4")
    void measuresRoundTrips() {
        List<Long> times = new ArrayList<>();
        EngineProbe probe = EngineProbe.open(Role.CLIENT);
        probe.engine.ping(hex("01"), times::add);
        probe.acceptAll();
        probe.pass(Duration.ofNanos(7));
        probe.receive(to(Role.CLIENT, TEXT, "a"), to(Role.CLIENT, FIN | PONG, hex("01")));
        assertThat(times).containsExactly(7L);
        assertThatIllegalArgumentException().isThrownBy(() -> probe.engine.ping(new byte[126], times::add));
    }

    @Test
    @Tag("L2")
    void holdsDataBackWithoutDemandWhileControlFramesPass() {
        byte[] stream = join(
                to(Role.SERVER, FIN | PING, "1"), to(Role.SERVER, FIN | TEXT, "a"), to(Role.SERVER, FIN | PING, "2"),
                to(Role.SERVER, FIN | TEXT, ""), to(Role.SERVER, FIN | PING, "3"));
        EveryCut.of(stream, cut -> {
            EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly("ping 31");
            assertThat(probe.engine.isHeldBack()).isTrue();
            probe.request(1);
            assertThat(probe.told()).containsExactly(text("a"), "ping 32");
            assertThat(probe.engine.isHeldBack()).isTrue();
            probe.request(1);
            assertThat(probe.told()).containsExactly(text(""), "ping 33");
            assertThat(probe.engine.isHeldBack()).isFalse();
        });
    }

    @Test
    void takesAPieceOfDemandForAMessageHoweverManyItsFragments() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        byte[] message = join(
                to(Role.SERVER, TEXT, "a"), to(Role.SERVER, CONTINUATION, "b"),
                to(Role.SERVER, FIN | CONTINUATION, "c"));
        probe.request(1).receive(message, message);
        assertThat(probe.told()).containsExactly(text("abc"));
        probe.request(1);
        assertThat(probe.told()).containsExactly(text("abc"));
    }

    @Test
    void takesAPieceOfDemandForAFragmentIfTheyAreDeliveredOneByOne() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.FRAGMENTS);
        probe.request(1).receive(to(Role.SERVER, TEXT, "a"), to(Role.SERVER, FIN | CONTINUATION, "b"));
        assertThat(probe.told()).containsExactly("TEXT more 61");
        probe.request(1);
        assertThat(probe.told()).containsExactly("CONTINUATION fin 62");
    }

    @Test
    @Tag("F2")
    void takesAPieceOfDemandForAChunkOfWhichTheSinkMayLeaveSome() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.CHUNKS);
        probe.takesOfChunk(remaining -> Math.min(2, remaining));
        probe.request(1).receive(to(Role.SERVER, FIN | TEXT, "abcde"));
        assertThat(probe.chunks()).containsExactly(5);
        assertThat(probe.left()).isEqualTo(3);
        probe.request(1).request(1);
        assertThat(probe.chunks()).containsExactly(5, 3, 1);
        assertThat(probe.told()).containsExactly(text("abcde"));
    }

    @Test
    @Tag("F2")
    void offersWhatTheSinkLeftWhenDemandIsAddedToDemand() {
        EngineProbe probe = probe(Role.SERVER, Pieces.CHUNKS, EngineSettings.DEFAULT);
        probe.takesOfChunk(remaining -> 0).receive(to(Role.SERVER, FIN | TEXT, "abc"));
        assertThat(probe.engine.isHeldBack()).isTrue();
        probe.takesOfChunk(remaining -> remaining).request(1);
        assertThat(probe.told()).containsExactly(text("abc"));
    }

    @Test
    @Tag("F2")
    void passesAFrameLargerThanMemoryInParts() {
        Limits unlimited = LIMITS.withMessageBytes(Long.MAX_VALUE);
        EngineProbe probe = probe(Role.CLIENT, Pieces.CHUNKS, EngineSettings.DEFAULT.withLimits(unlimited));
        probe.receive(headerTo(Role.CLIENT, FIN | BINARY, Long.MAX_VALUE));
        for (int i = 0; i < 100; i++) {
            probe.receive(new byte[1000]);
        }
        assertThat(probe.chunks()).hasSize(100).containsOnly(1000);
    }

    @Test
    @Tag("L1")
    void isNotMadeForPayloadsThatFitNoArray() {
        Limits unlimited = LIMITS.withMessageBytes(Long.MAX_VALUE);
        for (Pieces pieces : List.of(Pieces.MESSAGES, Pieces.FRAGMENTS)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> probe(Role.SERVER, pieces, EngineSettings.DEFAULT.withLimits(unlimited)))
                    .withMessage("a payload of 9223372036854775807 bytes fits no array; at most 2147483639");
        }
        Limits smallFrames = unlimited.withFrameBytes(Integer.MAX_VALUE - 8L);
        EngineProbe probe = probe(Role.SERVER, Pieces.FRAGMENTS, EngineSettings.DEFAULT.withLimits(smallFrames));
        assertThat(probe.engine.isOpen()).isTrue();
    }

    @Test
    void refusesDemandThatIsNotPositive() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        assertThatIllegalArgumentException().isThrownBy(() -> probe.engine.request(0));
    }

    @Test
    void letsAnExceptionOfTheApplicationPass() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.onTold(event -> {
            throw new IllegalStateException("handler");
        });
        ByteBuffer in = ByteBuffer.wrap(to(Role.SERVER, FIN | TEXT, "a"));
        assertThatThrownBy(() -> probe.engine.receive(in, probe.now())).hasMessage("handler");
        probe.onTold(event -> {}).receive(to(Role.SERVER, FIN | TEXT, "b"));
        assertThat(probe.told()).containsExactly(text("a"), text("b"));
    }

    private static void reads(Role role, Pieces pieces, byte[] stream, String... expected) {
        EveryCut.of(stream, cut -> {
            EngineProbe probe = probe(role, pieces, EngineSettings.DEFAULT);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(expected);
        });
    }

    private static EngineProbe probe(Role role, Pieces pieces, EngineSettings settings) {
        return new EngineProbe(role, settings, pieces).requestAll();
    }
}
