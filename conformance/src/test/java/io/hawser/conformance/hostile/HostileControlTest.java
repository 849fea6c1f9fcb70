// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.KeepAlive;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pings and pongs: malformed, too many, unasked, missing. Over sockets, as a peer's program sends them; to the moment, on a virtual clock,
 * LiveConnectionTest and SilentPeerTest of the testkit show what is done about missing ones.
 */
@Timeout(60)
class HostileControlTest {
    private static final int PROTOCOL_ERROR = 1002;
    private static final int POLICY_VIOLATION = 1008;
    private static final int RATE = 200;
    private static final int FLOOD = 100_000;
    private static final String EVERY_WAY = "io.hawser.conformance.hostile.Face#andCut";

    @RegisterExtension
    static final Target target = Target.withDefaults();

    @BeforeAll
    static void addRoutes() {
        for (Face face : Face.values()) {
            route("/unbounded" + face.path(), face, Integer.MAX_VALUE, KeepAlive.off());
            KeepAlive soon = new KeepAlive(Duration.ofMillis(50), Duration.ofMillis(50));
            route("/short" + face.path(), face, RATE, soon);
        }
    }

    private static void route(String path, Face face, int rate, KeepAlive keepAlive) {
        target.app().route(path, request -> HttpHandler.webSocket(target.app()
                        .echo(face)
                        .with(o -> o.maxControlFramesPerSecond(rate).keepAlive(keepAlive)))
                .handle(request));
    }

    private static RawFrame ping(int number) {
        return RawFrame.of(RawFrame.PING, String.format("%0125d", number));
    }

    private static RawFrame[] pings(int from, int to) {
        return IntStream.range(from, to).mapToObj(HostileControlTest::ping).toArray(RawFrame[]::new);
    }

    private static void expectPong(RawClient client, String payload) throws IOException {
        RawFrame pong = client.read();
        assertThat(pong.opcode()).as("opcode of %s", pong).isEqualTo(RawFrame.PONG);
        assertThat(pong.text()).isEqualTo(payload);
    }

    @Tag("hostile-34")
    @Tag("F5")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesControlFramesThatAreLongOrFragmented(Face face, Cut cut) throws IOException {
        for (int opcode : List.of(RawFrame.CLOSE, RawFrame.PING, RawFrame.PONG)) {
            target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.of(opcode, "x".repeat(126)).masked());
            target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.of(opcode, "x".repeat(66_000)).masked());
            target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.first(opcode, "ab").masked());
            target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.first(opcode, "").masked());
        }
    }

    @Tag("K1")
    @Tag("F10")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void answersPingsAlsoBetweenFragments(Face face, Cut cut) throws IOException {
        try (RawClient client = target.open(face)) {
            client.send(
                    cut,
                    RawFrame.of(RawFrame.PING, ""),
                    RawFrame.first(RawFrame.TEXT, "a"),
                    RawFrame.of(RawFrame.PING, "x".repeat(125)),
                    RawFrame.first(RawFrame.CONTINUATION, "b"),
                    new RawFrame(true, 0, RawFrame.PING, new byte[] {(byte) 0xff, 0, (byte) 0xc0}),
                    RawFrame.of(RawFrame.CONTINUATION, "c"));
            expectPong(client, "");
            expectPong(client, "x".repeat(125));
            assertThat(client.read().payload()).containsExactly(0xff, 0, 0xc0);
            client.expectEcho(RawFrame.TEXT, "abc".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }

    @Tag("hostile-36")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void ignoresPongsThatNobodyAskedFor(Face face, Cut cut) throws IOException {
        try (RawClient client = target.open(face)) {
            client.send(
                    cut,
                    RawFrame.of(RawFrame.PONG, ""),
                    RawFrame.first(RawFrame.TEXT, "a"),
                    RawFrame.of(RawFrame.PONG, "x".repeat(125)),
                    RawFrame.of(RawFrame.CONTINUATION, "b"),
                    RawFrame.of(RawFrame.PONG, "unasked"));
            client.expectEcho(RawFrame.TEXT, "ab".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }

    /** As many as fit in what the server drops at the end, so that its answer reaches the client in any case. */
    @Tag("hostile-35")
    @ParameterizedTest
    @EnumSource
    void refusesMorePingsThanTheRate(Face face) throws IOException {
        try (RawClient client = target.open(face)) {
            client.send(pings(0, 1900));
            int answered = 0;
            RawFrame frame = client.read();
            while (frame.opcode() == RawFrame.PONG) {
                assertThat(frame.text()).isEqualTo(ping(answered++).text());
                frame = client.read();
            }
            assertThat(answered).as("pings answered").isGreaterThanOrEqualTo(RATE);
            assertThat(frame.closeCode()).as("%s", frame).hasValue(POLICY_VIOLATION);
            client.expectEnd();
        }
    }

    @Tag("hostile-35")
    @Tag("hostile-36")
    @ParameterizedTest
    @EnumSource
    void refusesMorePongsThanTheRate(Face face) throws IOException {
        RawFrame[] pongs = new RawFrame[20 * RATE];
        Arrays.fill(pongs, RawFrame.of(RawFrame.PONG, ""));
        target.expectFailure(face, Cut.WHOLE, POLICY_VIOLATION, 0, RawFrame.join(pongs));
    }

    /** While the socket takes them all are answered in order; what is blocked waits as one pong, the latest. */
    @Tag("hostile-35")
    @ParameterizedTest
    @EnumSource
    void letsOnlyTheLatestPongWaitForAPeerThatReadsNothing(Face face) throws Exception {
        try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
            client.send(RawClient.upgrade("/unbounded" + face.path()));
            client.expectSwitched();
            for (int from = 0; from < FLOOD; from += 1000) {
                client.send(pings(from, from + 1000));
            }
            client.send(RawFrame.of(RawFrame.TEXT, "behind them"));
            List<Integer> answered = new ArrayList<>();
            RawFrame frame = client.read();
            while (frame.opcode() == RawFrame.PONG) {
                answered.add(Integer.valueOf(frame.text()));
                frame = client.read();
            }
            assertThat(frame.text()).isEqualTo("behind them");
            assertThat(answered).isSorted().doesNotHaveDuplicates().hasSizeLessThan(FLOOD).endsWith(FLOOD - 1);
            int inOrder = 0;
            while (answered.get(inOrder) == inOrder) {
                inOrder++;
            }
            assertThat(inOrder).as("answered before the socket was full").isGreaterThan(RATE);
            client.closeWith(1000);
        }
    }

    @Tag("hostile-37")
    @Tag("C8")
    @ParameterizedTest
    @EnumSource
    void cutsAPeerOffThatAnswersNoPing(Face face) throws IOException {
        try (RawClient client = target.open("/short" + face.path())) {
            RawFrame ping = client.read();
            assertThat(ping.opcode()).isEqualTo(RawFrame.PING);
            client.expectEnd();
        }
        if (face != Face.EACH) {
            Watch watch = target.watchUntilOver();
            assertThat(watch.how().status().code()).isEqualTo(1006);
            assertThat(watch.how().clean()).isFalse();
        }
    }
}
