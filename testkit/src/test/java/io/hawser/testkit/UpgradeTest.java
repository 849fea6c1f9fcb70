// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests, plain and for the upgrade, of an application with one route of WebSocket. */
@Tag("X1")
class UpgradeTest {
    private static final HttpHandler APPLICATION = request -> switch (request.path()) {
        case "/chat" -> request.upgrade()
                .map(upgrade -> upgrade.subprotocols().contains("chat.v2")
                        ? upgrade.accept(WebSocketHandler.each(message -> message), "chat.v2")
                        : upgrade.accept(WebSocketHandler.each(message -> message)))
                .orElseGet(request::upgradeRefusal);
        case "/hello" -> Response.text(200, "hello " + request.headers().firstValue("X-Name").orElse("you"));
        case "/boom" -> throw new IllegalStateException("boom");
        default -> Response.text(404, "no such room");
    };

    private static HawserTest application() {
        return HawserTest.of(APPLICATION);
    }

    @Test
    void tellsWhatBecameOfAnUpgrade() {
        try (HawserTest test = application()) {
            Upgrade upgrade = test.upgrade("/chat", o -> o.subprotocols("chat.v1", "chat.v2"));
            assertThat(upgrade.isWebSocketUpgrade()).isTrue();
            assertThat(upgrade.subprotocol()).contains("chat.v2");
            assertThat(upgrade.response()).hasStatus(101).hasHeader("Sec-WebSocket-Protocol", "chat.v2");
            assertThat(upgrade.probe().send("Ahoy")).hasSubprotocol("chat.v2").hasReceivedText("Ahoy").hasReceivedNothingMore();
            assertThat(test.upgrade("/chat").subprotocol()).isEmpty();
            assertThat(test.upgrade("/chat")).hasToString("GET /chat, answered by 101");
        }
    }

    @Test
    void showsTheRefusal() {
        try (HawserTest test = application()) {
            Upgrade refused = test.upgrade("/nowhere?room=1");
            assertThat(refused.isWebSocketUpgrade()).isFalse();
            assertThat(refused).hasToString("GET /nowhere?room=1, answered by 404 text/plain, 12 bytes");
            assertThat(refused.subprotocol()).isEmpty();
            assertThat(refused.response()).hasStatus(404).hasBody("no such room").hasNoHeader("Upgrade");
            assertThatThrownBy(refused::probe).isInstanceOf(AssertionError.class).hasMessage("""
                    expected GET /nowhere?room=1 to be upgraded to WebSocket
                    but the server refused with 404
                      content-length: 12
                      Content-Type: text/plain; charset=utf-8
                      date: Tue, 01 Jan 2030 00:00:00 GMT
                      "no such room"

                    at 0 s, seed 0; -Dhawser.seed=0 runs it again""");
            assertThatThrownBy(() -> test.webSocket("/nowhere")).isInstanceOf(AssertionError.class).hasMessageContaining("refused with 404");
        }
    }

    @Test
    void showsWhyAHandlerOfRequestsFailed() {
        try (HawserTest test = application()) {
            assertThatThrownBy(() -> test.webSocket("/boom")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("refused with 500")
                    .hasMessageContaining("the application threw java.lang.IllegalStateException: boom")
                    .hasCause(new IllegalStateException("boom"));
        }
    }

    @Test
    void asksPlainly() {
        try (HawserTest test = application()) {
            assertThat(test.request("/hello")).hasStatus(200).hasBody("hello you").hasHeader("Date", "Tue, 01 Jan 2030 00:00:00 GMT");
            assertThat(test.request("GET", "/hello?polite", Map.of("X-Name", "Ada"))).hasBody("hello Ada");
            assertThat(test.request("HEAD", "/hello", Map.of())).hasStatus(200).hasBody("").hasHeader("Content-Length", "9");
            assertThat(test.request("/chat")).hasStatus(400).hasBody("Expected WebSocket Upgrade request");
            assertThat(test.request("/boom")).hasStatus(500);
            assertThatThrownBy(() -> test.request("GET", "/", Map.of("X-Name", "a\r\nb"))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void saysThatNothingAnswers() {
        HttpHandler silent = HttpHandler.async(request -> new CompletableFuture<>());
        try (HawserTest test = HawserTest.of(silent, o -> o.holdForPromises(false))) {
            assertThatThrownBy(() -> test.request("/slow")).isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected a response to GET /slow\nbut none came within 3 s");
            assertThatThrownBy(() -> test.upgrade("/slow")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("there is none: ").hasMessageContaining("was not open within PT10S");
        }
    }

    @Test
    void saysThatTheServerIsClosed() {
        try (HawserTest test = application()) {
            test.server().close();
            assertThatThrownBy(() -> test.request("/hello")).isInstanceOf(IllegalStateException.class).hasMessageContaining("/hello");
            assertThatThrownBy(() -> test.uri("chat")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not as chat does");
        }
    }

    @Test
    void connectsAClientUnderTest() {
        List<Message> received = new ArrayList<>();
        WebSocketHandler client = WebSocketHandler.direct(socket -> {
            socket.send("Ahoy");
            received.add(socket.receive());
        });
        try (HawserTest test = application()) {
            Connection connection = test.connect("/chat", client, o -> o.subprotocols("chat.v2"));
            assertThat(connection.subprotocol()).contains("chat.v2");
            test.settle();
            assertThat(received).containsExactly(TextMessage.of("Ahoy"));
            assertThat(connection.closed().toCompletableFuture().join()).hasCode(1000).isClean().isByThisSide();
            assertThatThrownBy(() -> test.connect("/nowhere", client)).isInstanceOf(AssertionError.class).hasMessageContaining("refused with 404");
        }
    }
}
