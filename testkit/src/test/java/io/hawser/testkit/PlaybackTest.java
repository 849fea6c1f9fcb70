// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.connection.EchoFace;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversations that were recorded, played from either side. */
@Tag("X4")
class PlaybackTest {
    private static HawserTest echo() {
        return HawserTest.of(EchoFace.DIRECT.handler(), o -> o.patience(Duration.ofMillis(100)));
    }

    private static void talk(WebSocket socket, HawserTest test) {
        socket.send("Ahoy");
        assertThat(socket.receive().text()).isEqualTo("Ahoy");
        test.advance(Duration.ofSeconds(45));
        socket.send(new byte[] {0, 1, 2});
        assertThat(socket.receive().data().remaining()).isEqualTo(3);
        socket.close(1000, "done");
    }

    private static Recording record(HttpHandler application, Consumer<WebSocket> talk) {
        try (HawserTest test = HawserTest.of(application);
                WebSocket socket = test.client().connect(test.uri("/chat"), o -> o)) {
            talk.accept(socket);
            test.settle();
            return test.recording(socket);
        }
    }

    private static Recording talked() {
        try (HawserTest test = echo();
                WebSocket socket = test.client().connect(test.uri("/chat"), o -> o)) {
            talk(socket, test);
            test.settle();
            return test.recording(socket);
        }
    }

    @Test
    void recordsWhatPassed() {
        String text = talked().toString();
        assertThat(text).startsWith("hawser-recording 1\nGET /chat\n101\n\n     0.000 > TEXT \"Ahoy\"\n     0.000 < TEXT \"Ahoy\"\n")
                .contains("    20.000 < PING", "    20.000 > PONG", "    45.000 > BINARY hex 00 01 02\n", "    45.000 > CLOSE 1000 \"done\"\n")
                .endsWith("    45.000 < END\n    45.000 > END\n");
    }

    @ParameterizedTest
    @EnumSource
    void playsTheClientToTheRealServer(EchoFace face) {
        Recording recording = record(HttpHandler.webSocket(face.handler()), socket -> {
            socket.send("Ahoy");
            socket.receive();
            socket.close(1000, "done");
        });
        try (HawserTest test = HawserTest.of(face.handler(), o -> o.everyConnection((toServer, toClient) -> toServer.split(7, 1)))) {
            test.play(Recording.parse(recording.toString()));
        }
    }

    @Test
    void playsAtTheRecordedTimes() {
        Recording recording = talked();
        try (HawserTest test = echo()) {
            test.advance(Duration.ofSeconds(5));
            test.play(recording);
            assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(50));
        }
    }

    @Test
    void playsTheServerToTheRealClient() {
        Recording recording = talked();
        try (HawserTest test = echo()) {
            PlayedServer server = recording.asServer(test);
            try (WebSocket socket = test.client().connect(server.uri())) {
                talk(socket, test);
                server.expectPlayed();
                assertThat(test.recording(socket)).isEqualTo(recording);
            }
        }
    }

    @Test
    void playsWhatAPersonHasEdited() {
        String text = talked().toString();
        Recording edited = Recording.parse(text.replace("TEXT \"Ahoy\"", "TEXT \"Avast\"").replace("BINARY hex 00 01 02", "BINARY hex 07"));
        try (HawserTest test = echo()) {
            test.play(edited);
        }
    }

    @Test
    void showsWhatTheServerDidInstead() {
        Recording recording = Recording.parse(talked().toString().replace("< TEXT \"Ahoy\"", "< TEXT \"Aye\""));
        try (HawserTest test = echo()) {
            assertThatThrownBy(() -> test.play(recording)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected \n       0.000 < TEXT \"Aye\"\nbut the server did\n       0.000 < TEXT \"Ahoy\"")
                    .hasMessageContaining("=>     0.000 < TEXT \"Aye\"").hasMessageContaining("       0.000 > TEXT \"Ahoy\"");
        }
    }

    @Test
    void noticesWhatIsMissingAndWhatIsTooMuch() {
        Recording longer = Recording.parse("hawser-recording 1\nGET /\n101\n0 > TEXT \"a\"\n0 < TEXT \"a\"\n0 < TEXT \"b\"\n");
        Recording shorter = Recording.parse("hawser-recording 1\nGET /\n101\n0 > TEXT \"a\"\n");
        try (HawserTest test = echo()) {
            assertThatThrownBy(() -> test.play(longer)).isInstanceOf(AssertionError.class).hasMessageContaining("nothing came within 3 s");
            assertThatThrownBy(() -> test.play(shorter)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected the end of the recording").hasMessageContaining("< TEXT \"a\"");
        }
    }

    @Test
    void showsWhatTheClientDidInstead() {
        Recording recording = talked();
        try (HawserTest test = echo()) {
            PlayedServer server = recording.asServer(test);
            WebSocket socket = test.client().connect(server.uri());
            socket.send("Avast");
            assertThatThrownBy(socket::receive).isInstanceOf(WebSocketClosedException.class).hasMessageContaining("not as recorded");
            assertThatThrownBy(server::expectPlayed).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("but the client did\n       0.000 > TEXT \"Avast\"");
        }
    }

    @Test
    void comparesRequestsAndResponses() {
        HttpHandler application = request -> request.upgrade().filter(upgrade -> upgrade.subprotocols().contains("v1"))
                .map(upgrade -> upgrade.accept(EchoFace.DIRECT.handler(), "v1").withHeader("X-Room", "7")).orElse(Response.text(400, "v1 only"));
        Recording recording;
        try (HawserTest test = HawserTest.of(application);
                WebSocket socket = test.client().connect(test.uri("/a?b"), o -> o.subprotocols("v1").header("X-Who", "me"))) {
            recording = test.recording(socket);
            assertThat(recording.toString()).isEqualTo("""
                    hawser-recording 1
                    GET /a?b
                      sec-websocket-protocol: v1
                      x-who: me
                    101
                      sec-websocket-protocol: v1
                      x-room: 7

                    """);
            test.play(recording);
            PlayedServer server = recording.asServer(test);
            assertThat(test.client().connect(server.uri(), o -> o.subprotocols("v1").header("X-Who", "me")).subprotocol()).contains("v1");
            server.expectPlayed();
            assertThatThrownBy(() -> test.client().connect(server.uri(), o -> o.subprotocols("v1"))).hasMessageContaining("400");
            assertThatThrownBy(server::expectPlayed).isInstanceOf(AssertionError.class).hasMessageContaining("x-who: me");
        }
        try (HawserTest test = echo()) {
            assertThatThrownBy(() -> test.play(recording)).isInstanceOf(AssertionError.class).hasMessageContaining("x-room: 7");
        }
    }

    @Test
    void playsIllegalFramesEndsAndResets() {
        Recording recording;
        try (HawserTest test = echo()) {
            RawPeer peer = test.raw("/").send(RawFrame.text("a").unmasked());
            peer.expectClose(1002);
            peer.expectEnd().end();
            test.settle();
            recording = peer.recording();
            assertThat(recording.toString()).contains("> TEXT unmasked \"a\"").endsWith("< END\n     0.000 > END\n");
            test.play(recording);
            Recording broken = Recording.parse("hawser-recording 1\nGET /\n101\n0 > TEXT \"a\"\n0 < TEXT \"a\"\n1 > RESET\n");
            test.play(broken);
        }
    }

    @Test
    void awaitsTheEndOfWhatAClientBeganMeanwhile() {
        Recording recording = Recording.parse("""
                hawser-recording 1
                GET /
                101
                 0.000 > TEXT "Ahoy"
                20.000 < TEXT "Ahoy"
                20.000 > TEXT "never sent"
                """);
        try (HawserTest test = echo()) {
            PlayedServer server = recording.asServer(test);
            test.client().connectAsync(server.uri(), WebSocketHandler.direct(socket -> {
                socket.send("Ahoy");
                socket.receive();
                socket.receive();
            }), o -> o);
            assertThatThrownBy(server::expectPlayed)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("TEXT \"never sent\"")
                    .hasMessageContaining("nothing came within 3 s");
        }
    }

    @Test
    void recordsTheEndOfWhatIsClosed() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("Ahoy").expectText("Ahoy").complete();
            probe.expectClosed(1000);
            Recording recording = probe.recording();
            assertThat(recording.toString()).endsWith("< END\n     0.000 > END\n");
            test.play(recording);
        }
    }

    @Test
    void saysThatNoClientCame() {
        try (HawserTest test = echo()) {
            PlayedServer server = Recording.parse("hawser-recording 1\nGET /x\n101\n").asServer(test);
            assertThatThrownBy(server::expectPlayed).isInstanceOf(AssertionError.class).hasMessageContaining("/x");
        }
    }

    @Test
    void playsRandomConversations() {
        for (int seed = 0; seed < 20; seed++) {
            Recording recording = random(seed);
            try (HawserTest test = echo()) {
                test.play(Recording.parse(recording.toString()));
            }
        }
    }

    private static Recording random(int seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        WebSocketHandler echo = List.of(EchoFace.values()).get(seed % EchoFace.values().length).handler();
        try (HawserTest test = HawserTest.of(echo, o -> o.everyConnection((toServer, toClient) -> toServer.split(chance.nextLong(), 9)));
                WebSocket socket = test.client().connect(test.uri("/"))) {
            for (int i = chance.nextInt(9); i > 0; i--) {
                byte[] bytes = new byte[chance.nextInt(300)];
                chance.nextBytes(bytes);
                socket.send(bytes);
                socket.receive();
                test.advance(Duration.ofMillis(chance.nextInt(15_000)));
            }
            test.settle();
            return test.recording(socket);
        }
    }
}
