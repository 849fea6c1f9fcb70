// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.handshake.UpgradeRequest.Faulty;
import io.hawser.protocol.handshake.UpgradeRequest.NotAttempted;
import io.hawser.protocol.handshake.UpgradeRequest.Valid;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHandshakeTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private final Map<String, List<String>> fields = new TreeMap<>(Map.of(
            "host", List.of("server.example.com"),
            "upgrade", List.of("websocket"),
            "connection", List.of("Upgrade"),
            "sec-websocket-key", List.of(KEY),
            "sec-websocket-version", List.of("13")));

    @Test
    @Tag("H1")
    @Tag("H3")
    void readsTheRequestOfTheRfc() {
        with("Sec-WebSocket-Protocol", "chat, superchat");
        assertThat(read()).isEqualTo(new Valid(KEY, List.of("chat", "superchat"), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "keep-alive, Upgrade", "upgrade", "UPGRADE ,x", ",\t uPgRaDe,", "keep-alive|Upgrade", "x|y, upgrade"
    })
    @Tag("H1")
    @Tag("hostile-5")
    void findsTheUpgradeInListsAndSeveralHeadersInAnyCase(String connection) {
        with("Connection", connection.split("\\|"));
        with("Upgrade", "h2c, WebSocket");
        assertThat(read()).isInstanceOf(Valid.class);
    }

    @Test
    @Tag("H4")
    @Tag("hostile-3")
    void takesHalfAnUpgradeForPlainHttp() {
        with("Connection", "keep-alive, upgraded");
        assertThat(read()).isEqualTo(new NotAttempted());
        with("Connection");
        assertThat(read()).isEqualTo(new NotAttempted());
        with("Connection", "Upgrade");
        with("Upgrade", "websockets");
        assertThat(read()).isEqualTo(new NotAttempted());
        with("Upgrade");
        assertThat(read()).isEqualTo(new NotAttempted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "HEAD", "get", ""})
    @Tag("H4")
    @Tag("hostile-1")
    void refusesOtherMethods(String method) {
        assertThat(ServerHandshake.read(method, "HTTP/1.1", this::values))
                .isEqualTo(new Faulty(400, "an upgrade to WebSocket must be a GET"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1"})
    @Tag("H4")
    @Tag("hostile-2")
    void refusesOtherVersionsOfHttp(String version) {
        assertThat(ServerHandshake.read("GET", version, this::values))
                .isEqualTo(new Faulty(400, "an upgrade to WebSocket needs HTTP/1.1"));
    }

    @Test
    @Tag("H1")
    void refusesNoHostAndTwo() {
        Faulty oneHost = new Faulty(400, "an upgrade to WebSocket needs one Host header");
        with("Host");
        assertThat(read()).isEqualTo(oneHost);
        with("Host", "a", "a");
        assertThat(read()).isEqualTo(oneHost);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "12", "13, 8", "13,13", "013", ""})
    @Tag("H4")
    @Tag("hostile-6")
    void asksForItsVersion(String version) {
        Faulty wrongVersion = new Faulty(426, "Sec-WebSocket-Version must be 13");
        with("Sec-WebSocket-Version", version);
        assertThat(read()).isEqualTo(wrongVersion);
        with("Sec-WebSocket-Version");
        assertThat(read()).isEqualTo(wrongVersion);
        with("Sec-WebSocket-Version", "13", "13");
        assertThat(read()).isEqualTo(wrongVersion);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===",
        "dGhlIHNhbXBsZSBub25jZQ=A", // not base64
        "dGhlIHNhbXBsZSBub25jZR==", // not canonical
        "dGhlIHNhbXBsZSBub25j====", // not base64, but 24 characters
        "dGhlIHNhbXBsZSBub25jZUE=", // 17 bytes
        "dGhlIHNhbXBsZSBub25jZUFB", // 18 bytes
        "dGhlIHNhbXBsZS-ub25jZQ=="
    })
    @Tag("H1")
    @Tag("hostile-4")
    void refusesAKeyThatIsNotSixteenBytesInBase64(String key) {
        with("Sec-WebSocket-Key", key);
        assertThat(read()).isEqualTo(new Faulty(400, "Sec-WebSocket-Key must be 16 bytes in base64, once"));
    }

    @Test
    @Tag("hostile-4")
    void refusesNoKeyAndTwo() {
        Faulty once = new Faulty(400, "Sec-WebSocket-Key must be 16 bytes in base64, once");
        with("Sec-WebSocket-Key");
        assertThat(read()).isEqualTo(once);
        with("Sec-WebSocket-Key", KEY, KEY);
        assertThat(read()).isEqualTo(once);
    }

    @Test
    @Tag("hostile-8")
    void refusesABody() {
        Faulty noBody = new Faulty(400, "an upgrade to WebSocket has no body");
        with("Content-Length", "0");
        assertThat(read()).isInstanceOf(Valid.class);
        with("Content-Length", "0", "1");
        assertThat(read()).isEqualTo(noBody);
        with("Content-Length");
        with("Transfer-Encoding", "chunked");
        assertThat(read()).isEqualTo(noBody);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , ", "a b", "a, a", "a/b", "\u00e9", "a|a", "a, \"b\""})
    @Tag("H6")
    void refusesSubprotocolsThatAreNoDistinctTokens(String protocols) {
        with("Sec-WebSocket-Protocol", protocols.split("\\|"));
        assertThat(read()).isEqualTo(new Faulty(400, "Sec-WebSocket-Protocol must list distinct tokens"));
    }

    @Test
    @Tag("H6")
    void tellsSubprotocolsApartByTheirCase() {
        with("Sec-WebSocket-Protocol", "chat,Chat", " ,v2.chat,");
        assertThat(read()).isEqualTo(new Valid(KEY, List.of("chat", "Chat", "v2.chat"), List.of()));
    }

    @Test
    void readsExtensions() {
        with("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits", "x");
        assertThat(((Valid) read()).extensions()).hasToString("[permessage-deflate; client_max_window_bits, x]");
        with("Sec-WebSocket-Extensions", "x;");
        assertThat(read()).isEqualTo(new Faulty(400, "Sec-WebSocket-Extensions must list extensions"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"})
    @Tag("hostile-10")
    void refusesListsOfNothing(String header) {
        for (String filler : List.of(" ", ",", ", ", "\t,")) {
            String nothing = filler.repeat((64 << 10) / filler.length());
            with(header, nothing);
            assertThat(read()).isInstanceOf(Faulty.class);
            with(header, nothing + "x" + nothing);
            assertThat(read()).isInstanceOf(Valid.class);
        }
    }

    @Test
    void keepsItsListsToItself() {
        List<String> offered = Arrays.asList("a", "b");
        Valid request = new Valid(KEY, offered, List.of());
        offered.set(0, "c");
        assertThat(request.subprotocols()).containsExactly("a", "b");
    }

    @Test
    @Tag("H2")
    void answersTheRequestOfTheRfc() {
        assertThat(ServerHandshake.accept(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(ServerHandshake.responseHeaders(KEY, Optional.of("chat"), List.of())).containsExactly(
                Map.entry("Upgrade", "websocket"),
                Map.entry("Connection", "Upgrade"),
                Map.entry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                Map.entry("Sec-WebSocket-Protocol", "chat"));
    }

    @Test
    @Tag("H2")
    @Tag("H5")
    void namesExtensionsAndNoSubprotocolIfNoneWasChosen() {
        List<Extension> agreed = List.of(
                new Extension("permessage-deflate", List.of(new Extension.Parameter("server_max_window_bits", "10"))),
                new Extension("x", List.of()));
        assertThat(ServerHandshake.responseHeaders(KEY, Optional.empty(), agreed))
                .doesNotContainKey("Sec-WebSocket-Protocol")
                .containsEntry("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=10, x");
    }

    @ParameterizedTest
    @CsvSource({"13", "10", "0", "32", "44", "127", "233"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesToPutMoreThanATokenIntoAHeader(int character) {
        String bad = "a" + (char) character + "b";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerHandshake.responseHeaders(KEY, Optional.of(bad), List.of()))
                .withMessageContaining("subprotocol is not a token of HTTP: ");
        assertThatIllegalArgumentException().isThrownBy(() -> new Extension(bad, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Extension.Parameter(bad, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Extension.Parameter("a", bad));
    }

    private void with(String name, String... values) {
        fields.put(name.toLowerCase(Locale.ROOT), List.of(values));
    }

    private List<String> values(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    private UpgradeRequest read() {
        return ServerHandshake.read("GET", "HTTP/1.1", this::values);
    }
}
