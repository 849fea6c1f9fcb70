// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static io.hawser.route.Routes.any;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that nearly ask for WebSocket, where a route takes upgrades and another pages. */
@Timeout(60)
class HostileRoutesTest {
    private static final String UPGRADE = "Upgrade: websocket";
    private static final String CONNECTION = "Connection: Upgrade";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private static final String VERSION = "Sec-WebSocket-Version: 13";

    @RegisterExtension
    static final Target target = Target.withDefaults().around(app -> routes(
            path("/chat", get(request -> Response.text("page")), webSocket(request -> HostileRoutesTest.target.app().echo(Face.DIRECT))),
            prefix("/", any(app))));

    /** Sends a request with a ping behind it, which nothing may take for a frame. */
    private static RawResponse expectNoTunnel(String requestLine, String... lines) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.head(requestLine, lines));
            RawResponse response = client.readResponse();
            client.send(RawFrame.of(RawFrame.PING, "tunnel?"));
            client.endOutput();
            assertThat(client.readRest()).satisfiesAnyOf(
                    rest -> assertThat(rest).isEmpty(), rest -> assertThat(rest).startsWith("HTTP/1.1 400 "));
            return response;
        }
    }

    @Test
    @Tag("R1")
    void takesUpgradesAndPages() throws IOException {
        try (RawClient client = target.open("/chat")) {
            client.send(RawFrame.of(RawFrame.TEXT, "hello"));
            client.expectEcho(RawFrame.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
        assertThat(expectNoTunnel("GET /chat HTTP/1.1", "Host: localhost").body()).isEqualTo("page");
    }

    @Tag("hostile-1")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void upgradesNoOtherMethod(String method) throws IOException {
        assertThat(expectNoTunnel(method + " /chat HTTP/1.1", "Host: localhost", UPGRADE, CONNECTION, KEY, VERSION).status()).isEqualTo(400);
    }

    @Tag("hostile-2")
    @Test
    void upgradesNoHttp10() throws IOException {
        assertThat(expectNoTunnel("GET /chat HTTP/1.0", "Host: localhost", UPGRADE, CONNECTION, KEY, VERSION).status()).isEqualTo(400);
    }

    @Tag("hostile-3")
    @ParameterizedTest
    @ValueSource(strings = {UPGRADE, CONNECTION})
    void takesHalfAnUpgradeForAPlainRequest(String half) throws IOException {
        RawResponse response = expectNoTunnel("GET /chat HTTP/1.1", "Host: localhost", half, KEY, VERSION);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("page");
    }

    @Tag("hostile-7")
    @Tag("H7")
    @Test
    void upgradesNoForeignPage() throws IOException {
        RawResponse response = expectNoTunnel(
                "GET /chat HTTP/1.1", "Host: localhost", UPGRADE, CONNECTION, KEY, VERSION, "Origin: https://evil.example");
        assertThat(response.status()).isEqualTo(403);
    }
}
