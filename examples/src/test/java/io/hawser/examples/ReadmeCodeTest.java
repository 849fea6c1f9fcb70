// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import io.hawser.testkit.HawserTest;
import io.hawser.tls.Certificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What README shows, run. */
@Timeout(60)
class ReadmeCodeTest {
    @Test
    void shouts() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.faces().handlers(), "/shout")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
        }
    }

    @Test
    void announcesToAll() {
        ReadmeCode.Faces faces = ReadmeCode.faces();
        HttpHandler news = HttpHandler.webSocket(Objects.requireNonNull(faces.handlers().get("/news")));
        try (HawserServer server = HawserServer.start(o -> o.port(0), news);
                WebSocket ann = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/");
                WebSocket ben = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/")) {
            for (WebSocket socket : List.of(ann, ben)) {
                // Until its handler has been opened, what is announced does not reach it.
                Optional<Message> heard = Optional.empty();
                while (heard.isEmpty()) {
                    faces.announce().accept(TextMessage.of("land in sight"));
                    heard = socket.receive(Duration.ofMillis(50));
                }
                assertThat(heard.orElseThrow().text()).isEqualTo("land in sight");
            }
        }
    }

    @Test
    void answersFrames() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.faces().handlers(), "/upper")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
        }
    }

    @Test
    void servesASite(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("quay.txt"), "seven");
        try (HawserTest test = HawserTest.of(ReadmeCode.site(folder))) {
            assertThat(test.request("/").bodyText()).contains("Quay 7");
            assertThat(test.request("/cargo/9").status()).isEqualTo(404);
            assertThat(test.request("PUT", "/cargo/9", Map.of(), "rope").status()).isEqualTo(204);
            assertThat(test.request("/cargo/9").bodyText()).isEqualTo("rope");
            assertThat(test.request("/assets/quay.txt").bodyText()).isEqualTo("seven");
            test.webSocket("/chat/harbour", o -> o.subprotocols("chat.v2")).send("ahoy").expectText("harbour: ahoy").complete();
            test.webSocket("/chat/harbour", o -> o.subprotocols("chat.v1")).send("ahoy").expectText("AHOY").complete();
        }
    }

    @Test
    void talksOverTls() {
        assertThat(ReadmeCode.overTls(
                        Certificate.LOCALHOST.chain(),
                        Certificate.LOCALHOST.key(),
                        Certificate.authorityFile(),
                        ReadmeCode.upgrades()))
                .isEqualTo("Hello Peter!");
    }

    @Test
    void greets() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.upgrades(), "/greeter")) {
            talk.says("Ann");
            assertThat(talk.hears()).isEqualTo("Hello Ann!");
        }
    }

    @Test
    void agreesOnASubprotocol() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.upgrades(), "/chat", "chat.v2")) {
            assertThat(talk.subprotocol()).isEqualTo("chat.v2");
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
        }
    }
}
