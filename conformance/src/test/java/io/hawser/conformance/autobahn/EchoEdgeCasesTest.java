// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What other servers were seen to get wrong in the suite, or what it lets pass: empty messages in fragments, a second
 * close frame, reserved bits, pings that come in a row. Against the demo's echo in every face, over a raw socket.
 */
@Timeout(60)
class EchoEdgeCasesTest {
    private static EchoServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = EchoServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    private static RawClient open(DemoFace face) throws Exception {
        return RawClient.open(server.port(), face.path());
    }

    /** Autobahn 6.1.2: some echo a bare continuation. */
    @ParameterizedTest
    @EnumSource
    void echoesAnEmptyMessageInThreeFragments(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            for (int opcode : List.of(RawFrame.TEXT, RawFrame.BINARY)) {
                client.send(
                        RawFrame.first(opcode, ""),
                        RawFrame.first(RawFrame.CONTINUATION, ""),
                        RawFrame.of(RawFrame.CONTINUATION, ""));
                client.expectEcho(opcode, new byte[0]);
            }
            expectStillEchoes(client);
            client.closeWith(1000);
        }
    }

    /** Autobahn 6.1.3: the same with a payload in the middle. */
    @ParameterizedTest
    @EnumSource
    void echoesAMessageBetweenTwoEmptyFragments(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            client.send(
                    RawFrame.first(RawFrame.TEXT, ""),
                    RawFrame.first(RawFrame.CONTINUATION, "middle"),
                    RawFrame.of(RawFrame.CONTINUATION, ""));
            client.expectEcho(RawFrame.TEXT, "middle".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }

    @Tag("C1")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codes")
    void answersACloseOnceWithItsCode(DemoFace face, int code) throws Exception {
        try (RawClient client = open(face)) {
            expectStillEchoes(client);
            client.closeWith(code);
        }
    }

    private static Stream<Arguments> codes() {
        return inEachFace(1000, 1001, 1002, 1011, 3000, 4999);
    }

    @Tag("C1")
    @ParameterizedTest
    @EnumSource
    void answersAnEmptyCloseOnceWithAnEmptyOne(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            RawFrame close = RawFrame.of(RawFrame.CLOSE, "");
            client.send(close);
            client.expectCloseAnswer(close);
        }
    }

    /** Autobahn 7.1.2 to 7.1.5: what follows a close frame is neither answered nor a fault. */
    @Tag("C6")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("followers")
    void sendsNoSecondCloseWhateverFollowsTheFirst(DemoFace face, RawFrame follower) throws Exception {
        try (RawClient client = open(face)) {
            RawFrame close = RawFrame.close(1000);
            client.send(close, follower);
            client.expectCloseAnswer(close);
        }
    }

    private static Stream<Arguments> followers() {
        return inEachFace(
                RawFrame.close(1000),
                RawFrame.close(4000),
                RawFrame.of(RawFrame.TEXT, "too late"),
                RawFrame.of(RawFrame.PING, "too late"),
                RawFrame.of(RawFrame.CONTINUATION, "and wrong"));
    }

    /** Some send 1002, and then answer our answer with 1000. */
    @Tag("F7")
    @ParameterizedTest
    @EnumSource
    void sendsNoSecondCloseAfterAViolation(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            client.send(RawFrame.of(RawFrame.CONTINUATION, "of nothing"));
            client.expectClosedBy(1002);
        }
    }

    /** Some send 1007, and then answer our answer with 1000. */
    @Tag("M5")
    @ParameterizedTest
    @EnumSource
    void sendsNoSecondCloseAfterTextThatIsNotUtf8(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            client.send(new RawFrame(true, 0, RawFrame.TEXT, new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80}));
            client.expectClosedBy(1007);
        }
    }

    /** No extension was negotiated, so none of the seven combinations means anything. */
    @Tag("F4")
    @ParameterizedTest(name = "{0}, opcode {1}")
    @MethodSource("opcodes")
    void refusesReservedBits(DemoFace face, int opcode) throws Exception {
        for (int bits = 1; bits <= 7; bits++) {
            try (RawClient client = open(face)) {
                RawFrame frame = opcode == RawFrame.CLOSE ? RawFrame.close(1000) : RawFrame.of(opcode, "reserved");
                if (opcode == RawFrame.CONTINUATION) {
                    client.send(RawFrame.first(RawFrame.TEXT, ""), frame.withRsv(bits));
                    expectClosedInsideAMessage(client);
                } else {
                    client.send(frame.withRsv(bits));
                    client.expectClosedBy(1002);
                }
            }
        }
    }

    private static Stream<Arguments> opcodes() {
        return inEachFace(
                RawFrame.TEXT, RawFrame.BINARY, RawFrame.CONTINUATION, RawFrame.CLOSE, RawFrame.PING, RawFrame.PONG);
    }

    /** Autobahn 3.2 and 4.1.3: strictly, the reply to what came before a violation still leaves. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("violations")
    void echoesWhatCameBeforeAViolationInTheSameSegment(DemoFace face, RawFrame violation) throws Exception {
        try (RawClient client = open(face)) {
            client.send(RawFrame.of(RawFrame.TEXT, "before"), violation, RawFrame.of(RawFrame.PING, "after"));
            client.expectEcho(RawFrame.TEXT, "before".getBytes(StandardCharsets.UTF_8));
            client.expectClosedBy(1002);
        }
    }

    private static Stream<Arguments> violations() {
        return inEachFace(
                RawFrame.of(RawFrame.TEXT, "reserved").withRsv(2),
                RawFrame.of(5, "unknown opcode"),
                RawFrame.of(13, "unknown opcode"),
                RawFrame.of(RawFrame.CONTINUATION, "of nothing"),
                RawFrame.first(RawFrame.PING, "in fragments"));
    }

    /** Autobahn 2.10: some answer the last one only, which the RFC allows and the suite doesn't. */
    @Tag("K1")
    @ParameterizedTest
    @EnumSource
    void answersTenPingsInOrder(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            client.send(IntStream.range(0, 10)
                    .mapToObj(i -> RawFrame.of(RawFrame.PING, "payload-" + i))
                    .toArray(RawFrame[]::new));
            for (int i = 0; i < 10; i++) {
                RawFrame pong = client.read();
                assertThat(pong.opcode()).as("opcode of %s", pong).isEqualTo(RawFrame.PONG);
                assertThat(pong.text()).isEqualTo("payload-" + i);
            }
            client.closeWith(1000);
        }
    }

    /** Autobahn 5.19: control frames between fragments are handled at once. */
    @Tag("F10")
    @ParameterizedTest
    @EnumSource
    void answersTenPingsInOrderBetweenFragments(DemoFace face) throws Exception {
        try (RawClient client = open(face)) {
            List<String> expected = new ArrayList<>();
            client.send(RawFrame.first(RawFrame.TEXT, "0"));
            for (int i = 0; i < 10; i++) {
                expected.add("payload-" + i);
                client.send(
                        RawFrame.of(RawFrame.PING, "payload-" + i),
                        RawFrame.of(RawFrame.CONTINUATION, "" + i).withFin(i == 9));
            }
            List<RawFrame> pongs = new ArrayList<>();
            RawFrame echo = client.readMessage(pongs);

            assertThat(echo.text()).isEqualTo("00123456789");
            assertThat(pongs).extracting(RawFrame::opcode).containsOnly(RawFrame.PONG);
            assertThat(pongs).extracting(RawFrame::text).isEqualTo(expected);
            client.closeWith(1000);
        }
    }

    private static Stream<Arguments> inEachFace(Object... values) {
        return Stream.of(DemoFace.values())
                .flatMap(face -> Stream.of(values).map(value -> Arguments.of(face, value)));
    }

    private static void expectStillEchoes(RawClient client) throws Exception {
        client.send(RawFrame.of(RawFrame.TEXT, "still here"));
        client.expectEcho(RawFrame.TEXT, "still here".getBytes(StandardCharsets.UTF_8));
    }

    /** The echo of a message that never ends may have begun: its first, empty fragment may stand before the close. */
    private static void expectClosedInsideAMessage(RawClient client) throws Exception {
        RawFrame frame = client.read();
        if (frame.opcode() == RawFrame.TEXT) {
            assertThat(frame.payload()).isEmpty();
            assertThat(frame.fin()).as("final fragment of a message that never ended").isFalse();
            frame = client.read();
        }
        assertThat(frame.opcode()).as("a close frame, not %s", frame).isEqualTo(RawFrame.CLOSE);
        assertThat(frame.closeCode()).as("close code").hasValue(1002);
        client.send(RawFrame.close(1002));
        client.expectEnd();
    }
}
