// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Message;
import io.hawser.WebSocketHandler;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What failures say, word for word. */
@Tag("X2")
class ReportTest {
    private static HawserTest echo() {
        return HawserTest.of(WebSocketHandler.each(message -> message), o -> o.seed(42));
    }

    @Test
    void tellsWhatCameInstead() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/chat?room=1").send("Ahoi");
            assertThatThrownBy(() -> probe.expectText("Ahoy")).isExactlyInstanceOf(AssertionError.class).hasNoCause().hasMessage("""
                    expected the text "Ahoy"
                    but the text "Ahoi" came

                    GET /chat?room=1, at 0 s, seed 42; -Dhawser.seed=42 runs it again
                    frames:
                      0.000 s  sent      TEXT "Ahoi"
                      0.000 s  received  TEXT "Ahoi\"""");
        }
    }

    @Test
    void tellsThatNothingCame() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send(new byte[] {1, 2, (byte) 0xFF});
            probe.expectBytes(new byte[] {1, 2, (byte) 0xFF});
            test.advance(Duration.ofSeconds(100));
            assertThatThrownBy(() -> probe.within(Duration.ofMillis(2500)).expectBytes(new byte[] {7})).hasMessage("""
                    expected the bytes 07
                    but nothing came within 2.500 s

                    GET /, at 102.500 s, seed 42; -Dhawser.seed=42 runs it again
                    frames:
                        0.000 s  sent      BINARY 01 02 ff
                        0.000 s  received  BINARY 01 02 ff
                       20.000 s  sent      PING 00 00 00 00 00 00 00 01
                       20.000 s  received  PONG 00 00 00 00 00 00 00 01
                       40.000 s  sent      PING 00 00 00 00 00 00 00 02
                       40.000 s  received  PONG 00 00 00 00 00 00 00 02
                       60.000 s  received  PING 00 00 00 00 00 00 00 01
                       60.000 s  sent      PONG 00 00 00 00 00 00 00 01
                       80.000 s  sent      PING 00 00 00 00 00 00 00 03
                       80.000 s  received  PING 00 00 00 00 00 00 00 02
                       80.000 s  sent      PONG 00 00 00 00 00 00 00 02
                       80.000 s  received  PONG 00 00 00 00 00 00 00 03
                      100.000 s  received  PING 00 00 00 00 00 00 00 03
                      100.000 s  sent      PONG 00 00 00 00 00 00 00 03""");
        }
    }

    @Test
    void tellsThatTheConnectionWasClosed() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> socket.close(4001, "go away")))) {
            Probe probe = test.webSocket("/");
            assertThatThrownBy(probe::expectMessage).hasMessage("""
                    expected a message
                    but the connection was closed: 4001 go away, by the peer

                    GET /, at 0 s, seed 0; -Dhawser.seed=0 runs it again
                    frames:
                      0.000 s  received  CLOSE 4001 "go away"
                      0.000 s  sent      CLOSE 4001""");
            assertThatThrownBy(probe::expectNoMessage).hasMessageStartingWith("""
                    expected no message on an open connection
                    but the connection was closed: 4001 go away, by the peer
                    """);
            assertThatThrownBy(() -> probe.expectClosed(1000)).hasMessageStartingWith("""
                    expected the connection to be closed with 1000
                    but the connection was closed: 4001 go away, by the peer
                    """);
            assertThatThrownBy(probe::expectCompletion).hasMessageStartingWith("""
                    expected the input to complete
                    but the connection was closed: 4001 go away, by the peer
                    """);
        }
    }

    @Test
    void tellsWhatTheApplicationThrew() {
        IllegalStateException boom = new IllegalStateException("boom");
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> {
            throw boom;
        }))) {
            Probe first = test.webSocket("/first").send("x").expectClosed(1011);
            Probe second = test.webSocket("/second").send("y");
            assertThatThrownBy(second::expectText).hasCause(boom).hasMessage("""
                    expected a text
                    but the connection was closed: 1011, by the peer

                    GET /second, at 0 s, seed 0; -Dhawser.seed=0 runs it again
                    the application threw java.lang.IllegalStateException: boom
                    the application threw java.lang.IllegalStateException: boom
                    frames:
                      0.000 s  sent      TEXT "y"
                      0.000 s  received  CLOSE 1011
                      0.000 s  sent      CLOSE 1011""").satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
            assertThat(first.frames()).startsWith("  0.000 s  sent      TEXT \"x\"\n");
        }
    }

    @Test
    void tellsOfMessagesInFrontOfTheEnd() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("unread").complete();
            assertThatThrownBy(probe::expectClosed).hasMessage("""
                    expected the connection to be closed
                    but the text "unread" came

                    GET /, at 0 s, seed 42; -Dhawser.seed=42 runs it again
                    frames:
                      0.000 s  sent      TEXT "unread"
                      0.000 s  sent      CLOSE 1000
                      0.000 s  received  TEXT "unread\"""");
            assertThatThrownBy(probe::expectNoMessage).hasMessageStartingWith("expected no message\nbut the text \"unread\" came\n");
        }
    }

    @Test
    void showsTheLastFrames() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> message), o -> o.shownFrames(2))) {
            Probe probe = test.webSocket("/").send("one").expectText("one").send("two").expectText("two").send("three");
            assertThatThrownBy(() -> probe.expectText("drei")).hasMessageEndingWith("""
                    the last 2 of 6 frames:
                      0.000 s  sent      TEXT "three"
                      0.000 s  received  TEXT "three\"""");
        }
    }

    @Test
    void tellsThatTheOutputIsHeldUp() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> socket.closed().toCompletableFuture().join()),
                o -> o.restsOutside(thread -> true))) {
            Probe probe = test.webSocket("/");
            byte[] large = new byte[256 << 10];
            for (int i = 0; i < 100; i++) {
                probe.send(large);
            }
            assertThatThrownBy(() -> probe.expectMessage(Message.class::isInstance, "an answer"))
                    .hasMessageMatching("(?s)expected an answer\nbut nothing came within 3 s; \\d\\d messages of the probe could not leave so far\n.*");
        }
    }

    @Test
    void tellsWhereLongMessagesDiffer() {
        String same = "a".repeat(300);
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send(same + "x").send(new byte[50]);
            assertThatThrownBy(() -> probe.expectText(same + "y")).hasMessageContaining(
                    "…\", 301 characters came, which differs from character 300 on: \"x\" instead of \"y\"\n");
            assertThatThrownBy(() -> probe.expectBytes(new byte[51])).hasMessageContaining(
                    " …, 50 bytes came, which differs from byte 50 on: (none) instead of 00\n");
        }
    }

    @Test
    void tellsThatNoControlFrameCame() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/");
            assertThatThrownBy(probe::expectPing).hasMessage("""
                    expected a ping
                    but nothing came within 3 s

                    GET /, at 3 s, seed 42; -Dhawser.seed=42 runs it again
                    no frame has passed""");
            probe.fail(new IllegalStateException("the test's own"));
            assertThatThrownBy(probe::expectPong).hasNoCause().hasMessageStartingWith("""
                    expected a pong
                    but the connection was closed: 1011, by this side, not clean
                    """);
            assertThatThrownBy(probe::ping).hasMessageStartingWith("expected the pong to a ping\nbut the connection was closed: 1011");
        }
    }

    @Test
    void tellsWhatIsWrongWithChunks() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("text");
            assertThatThrownBy(probe::expectBytesChunk).hasMessageStartingWith("expected a chunk of a binary message\nbut the text \"text\" came\n");
            assertThatThrownBy(probe::expectEndOfMessage)
                    .hasMessageStartingWith("expected the end of a message\nbut more of it came: the text \"text\"\n");
            assertThat(probe.expectTextChunk()).isEqualTo("text");
            assertThatThrownBy(probe::expectTextChunk).hasMessageStartingWith("expected a chunk of a text\nbut the message has ended\n");
            probe.expectEndOfMessage().expectNoMessage();
        }
    }
}
