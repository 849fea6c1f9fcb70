// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static io.hawser.conformance.raw.UpgradeLines.CONNECTION;
import static io.hawser.conformance.raw.UpgradeLines.HOST;
import static io.hawser.conformance.raw.UpgradeLines.KEY;
import static io.hawser.conformance.raw.UpgradeLines.UPGRADE;
import static io.hawser.conformance.raw.UpgradeLines.VERSION;
import static io.hawser.conformance.raw.UpgradeLines.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.WebSocketUpgrade;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that ask for WebSocket, rightly, nearly or not at all. */
@Timeout(60)
class HostileHandshakeTest {
    private static final String PROTOCOLS = "Sec-WebSocket-Protocol: chat.v1, chat.v2";

    /** Behind a request, so that whatever is taken for a tunnel answers. */
    private static final RawFrame PING = RawFrame.of(RawFrame.PING, "tunnel?");

    @RegisterExtension
    static final Target target = Target.with(o -> o.origins("https://friend.example"));

    @BeforeAll
    static void addRoutes() {
        route("/chat", upgrade -> upgrade.accept(target.app().echo(Face.STREAMS), "chat.v2"));
        route("/unoffered", upgrade -> upgrade.accept(target.app().echo(Face.STREAMS), "chat.v3"));
        route("/case", upgrade -> upgrade.accept(target.app().echo(Face.STREAMS), "CHAT.V2"));
        route("/injected", upgrade -> upgrade.accept(target.app().echo(Face.STREAMS), "chat.v2\r\nEvil: 1"));
        route("/cookie", upgrade -> upgrade.accept(target.app().echo(Face.STREAMS)).withHeader("Set-Cookie", "a=b"));
        route("/refused", upgrade -> Response.text(401, "who are you?").withHeader("WWW-Authenticate", "Bearer"));
    }

    private static void route(String path, Function<WebSocketUpgrade, Response> answer) {
        target.app().route(path, request -> request.upgrade().map(answer).orElseGet(request::upgradeRefusal));
    }

    private static RawResponse request(Cut cut, byte[] head) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, head);
            return client.readResponse();
        }
    }

    /** Sends a request with a ping behind it, and asserts a refusal that is followed by no frame. */
    private static RawResponse expectNoTunnel(Cut cut, int status, byte[] head) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, head);
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isEqualTo(status);
            client.send(cut, PING);
            client.endOutput();
            // The ping is no request either; what may come is HTTP's complaint, and never a pong.
            assertThat(client.readRest()).satisfiesAnyOf(
                    rest -> assertThat(rest).isEmpty(), rest -> assertThat(rest).startsWith("HTTP/1.1 400 "));
            return response;
        }
    }

    private static byte[] get(String path, String... lines) {
        return RawClient.head("GET " + path + " HTTP/1.1", lines);
    }

    @Tag("H2")
    @Tag("H3")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andCut")
    void acceptsARightRequest(Face face, Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.upgrade(face.path()));
            assertThat(client.expectSwitched().headers("Sec-WebSocket-Protocol")).isEmpty();
            client.send(cut, RawFrame.of(RawFrame.TEXT, "hello"));
            client.expectEcho(RawFrame.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }

    @Tag("hostile-5")
    @Tag("H1")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#inOtherWords")
    void acceptsAnUpgradeInOtherWords(List<String> lines) throws IOException {
        for (Cut cut : Cut.values()) {
            try (RawClient client = target.connect()) {
                client.send(cut, get("/streams", with(lines, HOST, KEY, VERSION)));
                client.expectSwitched();
                client.closeWith(1000);
            }
        }
    }

    @Tag("hostile-1")
    @Tag("H1")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get"})
    void refusesAnUpgradeThatIsNoGet(String method) throws IOException {
        for (Cut cut : Cut.values()) {
            byte[] head = RawClient.head(method + " /streams HTTP/1.1", HOST, UPGRADE, CONNECTION, KEY, VERSION);
            assertThat(expectNoTunnel(cut, 400, head).body()).contains("must be a GET");
        }
    }

    @Tag("hostile-1")
    @Test
    void refusesAnUpgradeThatIsAHead() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.head("HEAD /streams HTTP/1.1", HOST, UPGRADE, CONNECTION, KEY, VERSION));
            assertThat(client.readResponseHead().status()).isEqualTo(400);
            client.send(get("/hello", HOST));
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    @Tag("hostile-2")
    @Tag("H1")
    @ParameterizedTest
    @EnumSource
    void refusesAnUpgradeInHttp10(Cut cut) throws IOException {
        byte[] head = RawClient.head("GET /streams HTTP/1.0", HOST, UPGRADE, CONNECTION, KEY, VERSION);
        assertThat(expectNoTunnel(cut, 400, head).body()).contains("HTTP/1.1");
    }

    @Tag("hostile-3")
    @Tag("R3")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#halves")
    void treatsHalfAnUpgradeAsPlainHttp(List<String> lines) throws IOException {
        String[] all = with(lines, HOST, KEY, VERSION);
        for (Cut cut : Cut.values()) {
            assertThat(expectNoTunnel(cut, 400, get("/streams", all)).body())
                    .isEqualTo("Expected WebSocket Upgrade request");
            assertThat(expectNoTunnel(cut, 200, get("/hello", all)).body()).isEqualTo("hello /hello");
        }
    }

    @Tag("hostile-4")
    @Tag("H1")
    @Tag("H4")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#wrongKeys")
    void refusesAKeyThatIsNot16BytesInBase64(List<String> keys) throws IOException {
        String[] lines = with(keys, HOST, UPGRADE, CONNECTION, VERSION);
        for (Cut cut : Cut.values()) {
            RawResponse response = expectNoTunnel(cut, 400, get("/streams", lines));
            assertThat(response.body()).contains("Sec-WebSocket-Key");
            assertThat(response.headers("Content-Type")).containsExactly("text/plain; charset=utf-8");
        }
    }

    @Tag("hostile-6")
    @Tag("H4")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#wrongVersions")
    void namesItsVersionToAnotherOne(List<String> versions) throws IOException {
        String[] lines = with(versions, HOST, UPGRADE, CONNECTION, KEY);
        for (Cut cut : Cut.values()) {
            RawResponse response = expectNoTunnel(cut, 426, get("/streams", lines));
            assertThat(response.headers("Sec-WebSocket-Version")).containsExactly("13");
        }
        assertThat(request(Cut.WHOLE, get("/hello", lines)).status()).as("where no WebSocket is").isEqualTo(200);
    }

    @Tag("hostile-7")
    @Tag("H7")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#foreignOrigins")
    void refusesForeignOrigins(List<String> origins) throws IOException {
        String[] lines = with(origins, HOST, UPGRADE, CONNECTION, KEY, VERSION);
        for (Cut cut : Cut.values()) {
            expectNoTunnel(cut, 403, get("/streams", lines));
        }
    }

    @Tag("hostile-7")
    @Tag("H7")
    @ParameterizedTest
    @ValueSource(strings = {
        "http://good.example",
        "HTTP://GOOD.example:80",
        "https://friend.example",
        "https://friend.example:443"
    })
    void acceptsItsOwnAndFriendlyOrigins(String origin) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(get("/streams", HOST, UPGRADE, CONNECTION, KEY, VERSION, "Origin: " + Encryption.origin(origin)));
            client.expectSwitched();
            client.closeWith(1000);
        }
    }

    @Tag("hostile-8")
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#bodies")
    void refusesAnUpgradeWithABody(String announcement, Cut cut, String body) throws IOException {
        try (RawClient client = target.connect()) {
            byte[] head = get("/streams", HOST, UPGRADE, CONNECTION, KEY, VERSION, announcement);
            client.send(cut, RawClient.join(head, body.getBytes(StandardCharsets.ISO_8859_1)));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers("Connection")).containsExactly("close");
            client.expectEnd();
        }
    }

    @Tag("hostile-9")
    @Tag("H8")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andCut")
    void takesFramesThatComeWithTheRequest(Face face, Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            byte[] frames = RawFrame.join(
                    RawFrame.of(RawFrame.TEXT, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
                    RawFrame.of(RawFrame.PING, "p"),
                    RawFrame.of(RawFrame.BINARY, "x".repeat(20_000)));
            client.send(cut, RawClient.join(RawClient.upgrade(face.path()), frames));
            client.expectSwitched();
            client.expectEcho(RawFrame.TEXT, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            client.expectEcho(RawFrame.BINARY, "x".repeat(20_000).getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }

    /** A whole conversation in one packet, its close and the end of TCP included. */
    @Tag("hostile-9")
    @Tag("H8")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.hostile.Face#andCut")
    void takesAWholeConversationThatComesWithTheRequest(Face face, Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            byte[] frames = RawFrame.join(RawFrame.of(RawFrame.TEXT, "only"), RawFrame.close(1000));
            client.send(cut, RawClient.join(RawClient.upgrade(face.path()), frames));
            client.endOutput();
            client.expectSwitched();
            if (face != Face.DIRECT) { // whose reply on a thread of its own is behind our close
                client.expectEcho(RawFrame.TEXT, "only".getBytes(StandardCharsets.UTF_8));
                client.expectCloseAnswer(RawFrame.close(1000));
            } else {
                client.readRest();
            }
        }
    }

    @Tag("H5")
    @Test
    void answersWithTheSubprotocolThatTheApplicationChose() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.upgrade("/chat", PROTOCOLS));
            assertThat(client.expectSwitched().headers("Sec-WebSocket-Protocol")).containsExactly("chat.v2");
            client.closeWith(1000);
        }
    }

    @Tag("H5")
    @Tag("H6")
    @Tag("H10")
    @ParameterizedTest
    @ValueSource(strings = {"/unoffered", "/case", "/injected"})
    void sendsNoSubprotocolThatWasNotOffered(String path) throws IOException {
        RawResponse response = request(Cut.WHOLE, RawClient.upgrade(path, PROTOCOLS));
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("Internal Server Error");
        assertThat(response.headers("Sec-WebSocket-Protocol")).isEmpty();
        assertThat(response.headers("Evil")).isEmpty();
    }

    @Tag("H4")
    @ParameterizedTest
    @ValueSource(strings = {
        "Sec-WebSocket-Protocol:",
        "Sec-WebSocket-Protocol: ,",
        "Sec-WebSocket-Protocol: a b",
        "Sec-WebSocket-Protocol: a, a",
        "Sec-WebSocket-Protocol: a;b",
        "Sec-WebSocket-Protocol: \"a\"",
        "Sec-WebSocket-Protocol: \u00e9",
        "Sec-WebSocket-Extensions:",
        "Sec-WebSocket-Extensions: ;",
        "Sec-WebSocket-Extensions: a;;b",
        "Sec-WebSocket-Extensions: a; b=",
        "Sec-WebSocket-Extensions: a; b=\"c",
        "Sec-WebSocket-Extensions: a b"
    })
    void refusesListsThatAreNone(String line) throws IOException {
        for (Cut cut : Cut.values()) {
            expectNoTunnel(cut, 400, RawClient.upgrade("/streams", line));
        }
    }

    @Tag("H9")
    @Test
    void sendsTheApplicationsHeadersWithThe101() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.upgrade("/cookie"));
            assertThat(client.expectSwitched().headers("Set-Cookie")).containsExactly("a=b");
            client.closeWith(1000);
        }
    }

    @Tag("H9")
    @ParameterizedTest
    @EnumSource
    void refusesWithTheApplicationsResponse(Cut cut) throws IOException {
        RawResponse response = expectNoTunnel(cut, 401, RawClient.upgrade("/refused"));
        assertThat(response.body()).isEqualTo("who are you?");
        assertThat(response.headers("WWW-Authenticate")).containsExactly("Bearer");
    }

    /** What a request says comes back in no header, however the application echoes it. */
    @Tag("H10")
    @Test
    void letsNoRequestInjectAHeader() throws IOException {
        target.app().route("/mirror", HttpHandler.async(request -> {
            Optional<String> said = request.headers().firstValue("Said");
            return CompletableFuture.completedStage(Response.of(204).withHeader("Heard", said.orElse("")));
        }));
        assertThat(request(Cut.WHOLE, get("/mirror", HOST, "Said: a\tb")).headers("Heard")).containsExactly("a\tb");
        assertThat(request(Cut.WHOLE, get("/mirror", HOST, "Said: a\u0085Evil: 1")).status()).isEqualTo(500);
        assertThat(request(Cut.WHOLE, get("/mirror", HOST, "Said: a\rEvil: 1")).status()).isEqualTo(400);
    }
}
