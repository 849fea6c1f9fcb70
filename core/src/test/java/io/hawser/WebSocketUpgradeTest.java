// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.http.KnownRequest;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The upgrade as an application sees it: in a request, and as a response. */
class WebSocketUpgradeTest {
    private static final WebSocketHandler HANDLER = WebSocketHandler.each(message -> message);

    /** A proper upgrade, with one header changed; removed if its value is empty. */
    private static Request request(String changed, String... values) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", List.of("localhost"));
        headers.put("Upgrade", List.of("websocket"));
        headers.put("Connection", List.of("Upgrade"));
        headers.put("Sec-WebSocket-Version", List.of("13"));
        headers.put("Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ=="));
        headers.put(changed, List.of(values));
        return request("GET", "/chat?room=1", headers);
    }

    private static Request request(String method, String target, Map<String, List<String>> headers) {
        return KnownRequest.of(
                method,
                target,
                HttpHeaders.of(headers, (name, value) -> true),
                InetSocketAddress.createUnresolved("peer.example", 1));
    }

    @Test
    @Tag("H3")
    void isThereInAProperRequest() {
        Request request = request("X", "y");
        assertThat(request.upgrade()).isPresent();
        assertThat(request.path()).isEqualTo("/chat");
        assertThat(request.target()).isEqualTo("/chat?room=1");
        assertThat(request).hasToString("GET /chat?room=1");
    }

    @Test
    @Tag("H2")
    void isAcceptedByAResponse() {
        // RFC 6455 1.3: the key and its accept.
        Response response = request("X", "y").upgrade().orElseThrow().accept(HANDLER);
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.headers().map())
                .isEqualTo(HttpHeaders.of(
                                Map.of(
                                        "Upgrade", List.of("websocket"),
                                        "Connection", List.of("Upgrade"),
                                        "Sec-WebSocket-Accept", List.of("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")),
                                (name, value) -> true)
                        .map());
        assertThat(response.webSocket()).contains(HANDLER);
    }

    @Test
    @Tag("H5")
    void takesOneOfTheSubprotocolsOffered() {
        WebSocketUpgrade upgrade =
                request("Sec-WebSocket-Protocol", "chat.v2, chat.v1", "soap").upgrade().orElseThrow();
        assertThat(upgrade.subprotocols()).containsExactly("chat.v2", "chat.v1", "soap");
        assertThat(upgrade.accept(HANDLER, "chat.v1").headers().allValues("Sec-WebSocket-Protocol"))
                .containsExactly("chat.v1");
        assertThat(upgrade.accept(HANDLER).headers().firstValue("Sec-WebSocket-Protocol")).isEmpty();
    }

    @Test
    @Tag("H5")
    @Tag("H6")
    @Tag("H10")
    void refusesASubprotocolThatWasNotOffered() {
        WebSocketUpgrade upgrade = request("Sec-WebSocket-Protocol", "chat.v1").upgrade().orElseThrow();
        for (String other : List.of("Chat.v1", "CHAT.V1", "chat.v2", "", "chat.v1\r\nX: y", "chat.v1, soap")) {
            assertThatThrownBy(() -> upgrade.accept(HANDLER, other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[chat.v1]");
        }
        assertThatThrownBy(() -> request("X", "y").upgrade().orElseThrow().accept(HANDLER, "chat.v1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("H9")
    @Tag("H10")
    void takesFurtherHeadersButNotThoseOfTheHandshake() {
        Response response = request("X", "y").upgrade().orElseThrow().accept(HANDLER).withHeader("Set-Cookie", "a=b");
        assertThat(response.headers().firstValue("Set-Cookie")).contains("a=b");
        assertThat(response.webSocket()).contains(HANDLER);
        for (String name : List.of("Sec-WebSocket-Accept", "sec-websocket-protocol", "Sec-WebSocket-Extensions")) {
            assertThatThrownBy(() -> response.withHeader(name, "x")).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> response.withHeader("X", "a\r\nSec-WebSocket-Protocol: evil"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("H4")
    @Tag("R3")
    void isRefusedWithItsReason() {
        Response version = request("Sec-WebSocket-Version", "8").upgradeRefusal();
        assertThat(version.status()).isEqualTo(426);
        assertThat(version.headers().firstValue("Sec-WebSocket-Version")).contains("13");

        Response key = request("Sec-WebSocket-Key", "short").upgradeRefusal();
        assertThat(key.status()).isEqualTo(400);
        assertThat(key.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(key.bodyBytes().remaining()).isPositive();

        Request plain = request("GET", "/", Map.of("Host", List.of("localhost")));
        assertThat(plain.upgrade()).isEqualTo(Optional.empty());
        assertThat(plain.upgradeRefusal().status()).isEqualTo(400);
        assertThat(plain.upgradeRefusal().bodyText())
                .isEqualTo("Expected WebSocket Upgrade request");
    }

    @Test
    @Tag("H3")
    void isTakenOrRefusedByAHandlerForIt() throws Exception {
        HttpHandler app = HttpHandler.webSocket(HANDLER);
        assertThat(app.handle(request("X", "y")).webSocket()).contains(HANDLER);
        assertThat(app.handle(request("Sec-WebSocket-Version", "8")).status()).isEqualTo(426);
        assertThat(app.handle(request("GET", "/", Map.of())).status()).isEqualTo(400);
    }

    @Test
    @Tag("H8")
    void isAcceptedWithWhatTheRequestCarries() {
        Attribute<String> user = Attribute.of("user");
        Request plain = request("X", "y");
        Request carrying = plain.with(user, "Ada").with(Attribute.of("user"), 7);
        assertThat(plain.get(user)).isEmpty();
        assertThat(carrying.get(user)).contains("Ada");
        assertThat(carrying.with(user, "Grace").get(user)).contains("Grace");
        assertThat(carrying).hasToString(plain.toString());
        assertThat(carrying.headers()).isEqualTo(plain.headers());
        Response response =
                carrying.upgrade().orElseThrow().accept(HANDLER).withHeader("A", "b");
        assertThat(response.accepted().flatMap(request -> request.get(user))).contains("Ada");
        assertThat(Response.of(204).accepted()).isEmpty();
        assertThatThrownBy(() -> plain.with(user, null)).isInstanceOf(NullPointerException.class);
        assertThat(user).hasToString("attribute user");
        assertThat(user.name()).isEqualTo("user");
    }
}
