// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.WebSocketClosedException;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.Sender;
import io.hawser.protocol.ProtocolViolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames whose headers are wrong, too large or very many. */
@Timeout(60)
class HostileFrameTest {
    private static final String KEY = "5ac301fe";
    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;
    private static final int MANY = 10_000;
    private static final String EVERY_WAY = "io.hawser.conformance.hostile.Face#andCut";

    @RegisterExtension
    static final Target target = Target.withDefaults();

    private static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts));
    }

    /** Each violation alone, and behind a message that is delivered first. */
    private static void expectViolations(Face face, Cut cut, int code, byte[]... violations) throws IOException {
        for (byte[] violation : violations) {
            target.expectFailure(face, cut, code, 0, violation);
            try (RawClient client = target.open(face)) {
                client.send(cut, RawClient.join(RawFrame.join(RawFrame.of(RawFrame.TEXT, "before")), violation));
                client.expectEcho(RawFrame.TEXT, "before".getBytes(StandardCharsets.UTF_8));
                client.expectFailedWith(code);
            }
            if (face != Face.EACH) {
                expectTold(target.watchUntilOver(), code);
            }
            target.app().beginNextCase();
        }
    }

    private static void expectTold(Watch watch, int code) {
        assertThat(watch.delivered()).isEqualTo(1);
        Closed how = watch.how();
        assertThat(how.status().code()).isEqualTo(code);
        assertThat(how.local()).isTrue();
        assertThat(how.clean()).isFalse();
        if (watch.face() != Face.FRAMES) {
            assertThat(watch.failure())
                    .isInstanceOf(WebSocketClosedException.class)
                    .hasCauseInstanceOf(ProtocolViolation.class);
        }
    }

    @Tag("hostile-18")
    @Tag("F4")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesReservedBits(Face face, Cut cut) throws IOException {
        expectViolations(face, cut, PROTOCOL_ERROR, IntStream.rangeClosed(1, 7)
                .mapToObj(bits -> RawFrame.of(RawFrame.TEXT, "reserved").withRsv(bits).masked())
                .toArray(byte[][]::new));
        expectViolations(face, cut, PROTOCOL_ERROR, RawFrame.of(RawFrame.PING, "").withRsv(4).masked());
        expectViolations(face, cut, PROTOCOL_ERROR, RawFrame.close(1000).withRsv(1).masked());
    }

    @Tag("hostile-18")
    @Tag("F6")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesReservedOpcodes(Face face, Cut cut) throws IOException {
        expectViolations(face, cut, PROTOCOL_ERROR, IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                .mapToObj(opcode -> RawFrame.of(opcode, "reserved").masked())
                .toArray(byte[][]::new));
    }

    @Tag("hostile-19")
    @Tag("F8")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesFramesWithoutAMask(Face face, Cut cut) throws IOException {
        byte[] close = hex("880203e8");
        expectViolations(face, cut, PROTOCOL_ERROR, hex("8100"), hex("810161"), hex("8900"), hex("8800"), close);
    }

    @Tag("hostile-20")
    @Tag("F3")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesLengthsThatAreNotInTheirShortestForm(Face face, Cut cut) throws IOException {
        expectViolations(
                face,
                cut,
                PROTOCOL_ERROR,
                hex("82fe0000", KEY),
                hex("82fe007d", KEY),
                hex("82ff0000000000000000", KEY),
                hex("82ff000000000000007e", KEY),
                hex("82ff000000000000ffff", KEY),
                hex("89fe0001", KEY));
    }

    @Tag("hostile-20")
    @Tag("F3")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesLengthsWithTheirTopBitSet(Face face, Cut cut) throws IOException {
        expectViolations(
                face,
                cut,
                PROTOCOL_ERROR,
                hex("82ff8000000000000000", KEY),
                hex("82ffffffffffffffffff", KEY),
                hex("82ff8000000000000001", KEY, "00"));
    }

    @Tag("hostile-21")
    @Tag("L1")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesHugeLengthsAtTheHeader(Face face, Cut cut) throws IOException {
        expectViolations(
                face,
                cut,
                TOO_BIG,
                hex("82ff0000000080000000", KEY),
                hex("82ff00000000ffffffff", KEY),
                hex("82ff7fffffffffffffff", KEY),
                hex("82ff0000000000010001", KEY));
    }

    @Tag("hostile-22")
    @Tag("L1")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andLargeCut")
    void takesAMessageAsLargeAsAllowed(Face face, Cut cut) throws IOException {
        byte[] payload = "x".repeat(Target.MAX_BYTES).getBytes(StandardCharsets.UTF_8);
        try (RawClient client = target.open(face)) {
            client.send(cut, new RawFrame(true, 0, RawFrame.TEXT, payload));
            client.expectEcho(RawFrame.TEXT, payload);
            client.closeWith(1000);
        }
        target.app().beginNextCase();
        target.expectFailure(face, cut, TOO_BIG, 0, hex("82ff0000000000010001", KEY));
    }

    /** In fragments the excess is known with the header of the last one. */
    @Tag("hostile-22")
    @Tag("L1")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andLargeCut")
    void refusesFragmentsThatAddUpToTooMuch(Face face, Cut cut) throws IOException {
        RawFrame[] allowed = {
            RawFrame.first(RawFrame.BINARY, "x".repeat(Target.MAX_BYTES - 3)),
            RawFrame.first(RawFrame.CONTINUATION, "y"),
            RawFrame.first(RawFrame.CONTINUATION, ""),
        };
        try (RawClient client = target.open(face)) {
            client.send(cut, allowed);
            client.send(cut, RawFrame.of(RawFrame.CONTINUATION, "zz"));
            assertThat(client.readMessage().payload()).hasSize(Target.MAX_BYTES);
            client.closeWith(1000);
        }
        target.app().beginNextCase();
        target.expectFailure(face, cut, TOO_BIG, 0, RawFrame.join(allowed), hex("8083", KEY));
    }

    /** What doesn't fit is announced and sent; the answer reaches the client nevertheless. */
    @Tag("hostile-22")
    @Tag("L1")
    @ParameterizedTest
    @EnumSource
    void refusesAMessageThatIsTooLargeWhileItIsBeingSent(Face face) throws IOException {
        byte[] frame = RawFrame.of(RawFrame.BINARY, "x".repeat(200 << 10)).masked();
        target.expectFailure(face, Cut.WHOLE, TOO_BIG, 0, frame);
        target.expectFailure(face, Cut.SEED_300, TOO_BIG, 0, frame);
    }

    @Tag("hostile-23")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void answersManySmallFramesInOrder(Face face, Cut cut) throws Exception {
        RawFrame[] frames = IntStream.range(0, MANY)
                .mapToObj(i -> RawFrame.of(i % 2 == 0 ? RawFrame.TEXT : RawFrame.BINARY, "" + i))
                .toArray(RawFrame[]::new);
        try (RawClient client = target.open(face);
                Sender sender = new Sender()) {
            sender.start(() -> client.send(cut, frames));
            for (int i = 0; i < MANY; i++) {
                client.expectEcho(frames[i].opcode(), frames[i].payload());
            }
            sender.expectDone();
            client.closeWith(1000);
        }
    }

    /** The frames are all there before the first echo is read: nothing is lost, and others are served meanwhile. */
    @Tag("hostile-23")
    @ParameterizedTest
    @EnumSource
    void servesOthersWhileManyFramesWait(Face face) throws Exception {
        byte[] frames = RawFrame.join(IntStream.range(0, MANY)
                .mapToObj(i -> RawFrame.of(RawFrame.BINARY, i + ":" + "x".repeat(1000)))
                .toArray(RawFrame[]::new));
        try (RawClient client = RawClient.connect(target.port(), 16 << 10);
                Sender sender = new Sender()) {
            client.send(RawClient.upgrade(face.path()));
            client.expectSwitched();
            sender.start(() -> client.send(frames));
            try (RawClient other = target.open(Face.STREAMS)) {
                other.send(RawFrame.of(RawFrame.TEXT, "meanwhile"));
                other.expectEcho(RawFrame.TEXT, "meanwhile".getBytes(StandardCharsets.UTF_8));
                other.closeWith(1000);
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(client.readMessage().text()).startsWith(i + ":");
            }
            sender.expectDone();
            client.closeWith(1000);
        }
    }

    @Tag("hostile-24")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void answersEmptyMessages(Face face, Cut cut) throws IOException {
        List<RawFrame> empty = List.of(RawFrame.of(RawFrame.TEXT, ""), RawFrame.of(RawFrame.BINARY, ""));
        try (RawClient client = target.open(face)) {
            for (RawFrame frame : empty) {
                client.send(cut, frame, frame, RawFrame.first(frame.opcode(), ""), RawFrame.of(0, ""));
                for (int i = 0; i < 3; i++) {
                    client.expectEcho(frame.opcode(), new byte[0]);
                }
            }
            client.closeWith(1000);
        }
    }
}
