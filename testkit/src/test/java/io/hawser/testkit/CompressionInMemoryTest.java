// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.rawFrames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.Compression;
import io.hawser.Connection;
import io.hawser.ConnectionGroup;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CompressionInMemoryTest {
    private static final int CONNECTIONS = Boolean.getBoolean("hawser.long") ? 10_000 : 1_000;
    private static final WebSocketHandler ECHO = each(message -> message);
    private static final String LONG = IntStream.range(0, 400).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

    private static UnaryOperator<TestOptions> with(Compression ofServer, Compression ofClient) {
        return o -> o.server(s -> s.webSocket(w -> w.compression(ofServer))).client(c -> c.webSocket(w -> w.compression(ofClient)));
    }

    private static Optional<String> agreed(Connection connection) {
        return connection.response().header("Sec-WebSocket-Extensions");
    }

    @Test
    void isNotOfferedUnlessTheTestAsksForIt() {
        try (HawserTest test = HawserTest.of(ECHO)) {
            Probe probe = test.webSocket("/").send(LONG).expectText(LONG);
            assertThat(agreed(probe.connection())).isEmpty();
            assertThat(test.recording(probe.connection()).toString()).contains("line 399");
        }
    }

    @Test
    @Tag("H2")
    void isAgreedOnAsOverSockets() {
        try (HawserTest test = HawserTest.of(ECHO, with(Compression.on(), Compression.on()))) {
            Probe probe = test.webSocket("/").send(LONG).expectText(LONG).send("short").expectText("short");
            assertThat(agreed(probe.connection())).contains("permessage-deflate");
            assertThat(test.server().compressionBytes()).isPositive();
        }
    }

    @Test
    void isDeclinedToARawPeerThatOffersNonsense() {
        try (HawserTest test = HawserTest.of(ECHO)) {
            test.raw("/", "Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=7")
                    .send(RawFrame.text("hello"))
                    .expect(RawFrame.text("hello"));
        }
    }

    /** What a recording has of compression is said again as it was. */
    @Test
    void isPlayedAgainAsRecorded() {
        try (HawserTest test = HawserTest.of(ECHO, with(Compression.on(), Compression.on()))) {
            Probe probe = test.webSocket("/").send(LONG).expectText(LONG).complete();
            probe.expectClosed(1000);
            Recording recording = test.recording(probe.connection());
            assertThat(recording.toString()).contains("sec-websocket-extensions: permessage-deflate").doesNotContain("line 399");
            test.play(recording);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNothingThatFramesShow(boolean rawFragments) {
        List<Frame> seen = new ArrayList<>();
        WebSocketHandler handler = frames(channel -> seen::add).with(o -> o.rawFragments(rawFragments));
        try (HawserTest test = HawserTest.of(handler, with(Compression.on(), Compression.on()))) {
            test.webSocket("/").send(LONG);
            test.settle();
            assertThat(seen.stream().map(Frame::text).collect(Collectors.joining())).isEqualTo(LONG);
            assertThat(seen).allMatch(frame -> frame.rsv() == 0);
        }
    }

    /** What a relay needs: frames as they came, which a peer can read that is sent them again. */
    @Test
    @Tag("L3")
    void isLeftToAHandlerOfRawFrames() {
        List<Integer> marks = new ArrayList<>();
        WebSocketHandler relay = rawFrames(channel -> new FrameSink() {
            private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
            private Opcode opcode = Opcode.TEXT;
            private int rsv;

            @Override
            public void onFrame(Opcode frameOpcode, boolean fin, int frameRsv, long length) {
                opcode = frameOpcode;
                rsv = frameRsv;
                marks.add(frameRsv);
                payload.reset();
            }

            @Override
            public void onPayload(ByteBuffer chunk) {
                byte[] bytes = new byte[chunk.remaining()];
                chunk.get(bytes);
                payload.writeBytes(bytes);
            }

            @Override
            public void onFrameEnd() {
                channel.send(Frame.of(opcode, true, ByteBuffer.wrap(payload.toByteArray())).withRsv(rsv));
            }
        });
        try (HawserTest test = HawserTest.of(relay, with(Compression.ofRawFrames(), Compression.on()))) {
            Probe probe = test.webSocket("/");
            assertThat(agreed(probe.connection())).contains("permessage-deflate");
            probe.send(LONG).expectText(LONG).send("short").expectText("short");
            assertThat(marks).containsExactly(4, 0);
            assertThat(test.server().compressionBytes()).isZero();
        }
    }

    @Test
    void isLeftToNoOtherHandler() {
        assertThatIllegalArgumentException().isThrownBy(() -> ECHO.optionsOver(WebSocketOptions.defaults().compression(Compression.ofRawFrames())))
                .withMessageContaining("rawFrames(...)");
        try (HawserTest test = HawserTest.of(ECHO)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> test.client().connect(URI.create("ws://test/"), o -> o.webSocket(w -> w.compression(Compression.ofRawFrames()))))
                    .withMessageContaining("rawFrames(...)");
        }
    }

    private static boolean cannotSay(Opcode opcode, ByteBuffer payload) {
        throw new IllegalStateException("a choice that fails");
    }

    /** However long the message, and whoever sends it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000, 40_000})
    void closesTheConnectionWhoseChoiceFails(int letters) {
        Compression failing = Compression.on().thresholdBytes(0).only(CompressionInMemoryTest::cannotSay);
        String message = "x".repeat(letters);
        for (WebSocketHandler handler : List.of(ECHO, direct(socket -> socket.forEach(socket::send)))) {
            try (HawserTest test = HawserTest.of(handler, with(failing, Compression.on()))) {
                test.webSocket("/").send(message).expectClosed(1011);
            }
        }
    }

    @Test
    void isDoneOnceForAGroup() {
        ConnectionGroup room = ConnectionGroup.droppingSlow();
        WebSocketHandler guest = frames(channel -> {
            room.add(channel);
            return frame -> {};
        });
        try (HawserTest test = HawserTest.of(guest, with(Compression.on(), Compression.on()))) {
            List<Probe> probes = List.of(
                    test.webSocket("/"),
                    test.webSocket("/", o -> o.webSocket(w -> w.compression(Compression.on().incomingContext(false)))),
                    test.webSocket("/", o -> o.webSocket(w -> w.compression(Compression.on().incomingWindowBits(9)))),
                    test.webSocket("/", o -> o.webSocket(w -> w.compression(Compression.off()))));
            test.settle();
            for (int i = 0; i < 3; i++) {
                assertThat(room.send(TextMessage.of(LONG))).isEqualTo(4);
                probes.forEach(probe -> probe.expectText(LONG));
            }
            assertThat(framesOf(test, probes.get(0))).contains("rsv=4").isEqualTo(framesOf(test, probes.get(1)));
        }
    }

    /** The frames that have passed, behind request and response. */
    private static String framesOf(HawserTest test, Probe probe) {
        return test.recording(probe.connection()).toString().split("\n\n", 2)[1];
    }

    @Test
    @Tag("hostile-50")
    void staysWithinItsBudgetHoweverManyAreIdle() {
        long budget = 4 << 20;
        try (HawserTest test = HawserTest.of(ECHO, with(Compression.on().memoryBytes(budget), Compression.on().memoryBytes(1 << 30)))) {
            int alone = 0;
            for (int i = 0; i < CONNECTIONS; i++) {
                Probe probe = test.webSocket("/").send(LONG).expectText(LONG);
                assertThat(test.server().compressionBytes()).isLessThanOrEqualTo(budget);
                alone += agreed(probe.connection()).orElseThrow().contains("server_no_context_takeover") ? 1 : 0;
            }
            assertThat(alone).isBetween(CONNECTIONS / 2, CONNECTIONS - 10);
        }
    }
}
