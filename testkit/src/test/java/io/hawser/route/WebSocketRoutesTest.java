// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import static io.hawser.WebSocketHandler.each;
import static io.hawser.route.Routes.any;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.post;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;
import static io.hawser.route.Routes.webSocketPreferring;
import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.HttpHandler;
import io.hawser.HttpStatusException;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.Upgrade;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes by upgrade and subprotocol. */
class WebSocketRoutesTest {
    private static final Map<String, String> UPGRADE = Map.of(
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Version", "13",
            "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");

    private static WebSocketHandler saying(String text) {
        return each(message -> TextMessage.of(text));
    }

    private static HawserTest chats() {
        return HawserTest.of(routes(
                path("/both", get(request -> Response.text("page")), webSocket(saying("both"))),
                path("/any", any(request -> Response.text("any"))),
                path("/own", get(request -> request.upgrade()
                        .map(upgrade -> upgrade.accept(saying("own"), upgrade.subprotocols().getLast()))
                        .orElseGet(request::upgradeRefusal))),
                path("/chat", webSocket(saying("v2"), "chat.v2"), webSocket(saying("v1"), "chat.v1"), post(request -> Response.of(204))),
                path("/plain", webSocket(saying("plain")), webSocket(saying("v1"), "chat.v1")),
                path("/old/{room}", webSocketPreferring("chat.v1", request -> saying(request.pathParam("room")))),
                path("/many", webSocket(saying("many"), "a", "b")),
                prefix("/", webSocket(saying("rest"), "rest"), get(request -> Response.text("rest")))));
    }

    private static Upgrade upgrade(HawserTest test, String target, String... subprotocols) {
        return test.upgrade(target, o -> o.subprotocols(subprotocols));
    }

    private static Map<String, String> upgradeWith(String name, String value) {
        Map<String, String> headers = new HashMap<>(UPGRADE);
        headers.put(name, value);
        return headers;
    }

    // ---- R1

    @Tag("R1")
    @Tag("X1")
    @ParameterizedTest
    @CsvSource({
        "/both, , , both",
        "/both, other, , both",
        "/chat, chat.v2, chat.v2, v2",
        "/chat, chat.v1, chat.v1, v1",
        "/chat, chat.v1 chat.v2, chat.v2, v2",
        "/chat, CHAT.V2 chat.v1, chat.v1, v1",
        "/chat, rest, rest, rest",
        "/plain, chat.v1, chat.v1, v1",
        "/plain, other, , plain",
        "/old/quay, chat.v1, chat.v1, quay",
        "/old/quay, other, , quay",
        "/old/quay, , , quay",
        "/many, b a, a, many",
        "/many, b, b, many",
    })
    void acceptsBySubprotocol(String target, String offered, String chosen, String answer) {
        try (HawserTest test = chats()) {
            Upgrade upgrade = upgrade(test, target, offered == null ? new String[0] : offered.split(" ", -1));
            assertThat(upgrade.isWebSocketUpgrade()).isTrue();
            assertThat(upgrade.subprotocol().orElse(null)).isEqualTo(chosen);
            upgrade.probe().send("hello").expectText(answer);
        }
    }

    @Tag("R2")
    @Test
    void givesHandlersTheUpgrade() {
        try (HawserTest test = chats()) {
            Upgrade upgrade = upgrade(test, "/own", "a", "b");
            assertThat(upgrade.subprotocol()).contains("b");
            upgrade.probe().send("hello").expectText("own");
            assertThat(test.request("/own")).hasStatus(400).hasBody("Expected WebSocket Upgrade request");
        }
    }

    // ---- R3

    @Tag("R3")
    @Tag("H3")
    @Test
    void leavesPlainRequestsToOtherRoutes() {
        try (HawserTest test = chats()) {
            assertThat(test.request("/both")).hasStatus(200).hasBody("page");
            assertThat(test.request("/any")).hasStatus(200).hasBody("any");
            assertThat(test.request("/chat")).as("of a prefix").hasBody("rest");
            assertThat(test.request("POST", "/chat", Map.of())).hasStatus(204);
        }
    }

    @Tag("R3")
    @Test
    void expectsAnUpgradeWhereNoOtherRouteTakesTheRequest() {
        try (HawserTest test = HawserTest.of(routes(path("/chat", webSocket(saying("chat")), post(request -> Response.of(204)))))) {
            assertThat(test.request("/chat")).hasStatus(400).hasBody("Expected WebSocket Upgrade request");
            assertThat(test.request("HEAD", "/chat", Map.of())).hasStatus(400);
            assertThat(test.request("PUT", "/chat", Map.of())).hasStatus(405).hasHeader("Allow", "GET, POST, OPTIONS");
            assertThat(test.request("OPTIONS", "/chat", Map.of())).hasStatus(204).hasHeader("Allow", "GET, POST, OPTIONS");
        }
    }

    @Tag("hostile-3")
    @ParameterizedTest
    @CsvSource({"Upgrade, h2c", "Connection, keep-alive"})
    void takesHalfAnUpgradeForAPlainRequest(String name, String value) {
        try (HawserTest test = chats()) {
            assertThat(test.request("GET", "/both", upgradeWith(name, value))).hasStatus(200).hasBody("page");
        }
    }

    // ---- R4

    @Tag("R4")
    @Tag("H6")
    @Test
    void tellsTheSupportedSubprotocols() {
        try (HawserTest test = chats()) {
            for (String offered : new String[] {"chat.v3", "CHAT.V1", "chat.v"}) {
                Upgrade refused = upgrade(test, "/chat", offered);
                assertThat(refused.isWebSocketUpgrade()).isFalse();
                assertThat(refused.response()).hasStatus(400)
                        .hasHeader("Sec-WebSocket-Protocol", "chat.v2, chat.v1, rest")
                        .hasBody("Expected one of the subprotocols chat.v2, chat.v1, rest");
            }
            assertThat(upgrade(test, "/many").response()).hasStatus(400).hasHeader("Sec-WebSocket-Protocol", "a, b, rest");
        }
    }

    // ---- H4

    @Tag("H4")
    @Test
    void tellsFaultsWhereItTakesUpgrades() {
        try (HawserTest test = chats()) {
            Map<String, String> old = upgradeWith("Sec-WebSocket-Version", "8");
            assertThat(test.request("GET", "/both", old)).hasStatus(426).hasHeader("Sec-WebSocket-Version", "13");
            assertThat(test.request("GET", "/chat", old)).hasStatus(426);
            assertThat(test.request("GET", "/both", upgradeWith("Sec-WebSocket-Key", "short"))).hasStatus(400);
            assertThat(test.request("GET", "/any", old)).hasStatus(200).hasBody("any");
        }
    }

    @Tag("hostile-1")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "HEAD", "DELETE"})
    void upgradesNoOtherMethod(String method) {
        try (HawserTest test = chats()) {
            assertThat(test.request(method, "/chat", UPGRADE)).hasStatus(400);
            assertThat(test.request(method, "/both", UPGRADE)).hasStatus(400);
        }
    }

    // ---- H9, and what fails

    @Test
    void answersForAFactoryThatFails() {
        WebSocketHandler none = saying("none");
        HttpHandler app = routes(path("/{room}", webSocket(request -> {
            if (request.pathParam("room").equals("none")) {
                throw new HttpStatusException(404, "no such room");
            }
            return none;
        })));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.upgrade("/some").isWebSocketUpgrade()).isTrue();
            assertThat(test.upgrade("/none").response()).hasStatus(404).hasBody("no such room");
        }
    }

    @Tag("hostile-16")
    @Tag("H10")
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nb", "a,b", "é", "a\0"})
    void refusesSubprotocolsThatAreNoTokens(String subprotocol) {
        assertThatIllegalArgumentException().isThrownBy(() -> webSocket(saying("x"), subprotocol))
                .withMessageContaining("a subprotocol must be a token");
    }

    @Test
    void refusesTheSameTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes(path("/chat", webSocket(saying("1"), "a", "b"), webSocket(saying("2"), "b"))))
                .withMessage("webSocket b /chat and webSocket b /chat take the same requests; leave out one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes(path("/chat", webSocket(saying("1")), webSocketPreferring("a", saying("2")))))
                .withMessage("webSocket /chat and webSocket /chat take the same requests; leave out one of them");
    }
}
