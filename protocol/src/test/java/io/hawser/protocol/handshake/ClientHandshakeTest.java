// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.handshake.ClientHandshake.Outcome.Accepted;
import io.hawser.protocol.handshake.ClientHandshake.Outcome.Faulty;
import io.hawser.protocol.handshake.ClientHandshake.Outcome.NotSwitched;
import java.nio.charset.StandardCharsets;
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

class ClientHandshakeTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final Extension DEFLATE = new Extension("permessage-deflate", List.of());

    private final Map<String, List<String>> fields = new TreeMap<>(Map.of(
            "upgrade", List.of("websocket"),
            "connection", List.of("Upgrade"),
            "sec-websocket-accept", List.of("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")));

    private void with(String name, String... values) {
        fields.put(name.toLowerCase(Locale.ROOT), List.of(values));
    }

    private ClientHandshake.Outcome read(List<String> subprotocols, List<Extension> extensions) {
        return ClientHandshake.read(
                101,
                name -> fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()),
                KEY,
                subprotocols,
                extensions);
    }

    private ClientHandshake.Outcome read() {
        return read(List.of("chat", "superchat"), List.of(DEFLATE));
    }

    @Test
    @Tag("U0")
    void makesTheKeyOfTheRfc() {
        assertThat(ClientHandshake.key("the sample nonce".getBytes(StandardCharsets.US_ASCII))).isEqualTo(KEY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17})
    void refusesANonceOfAnotherLength(int bytes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientHandshake.key(new byte[bytes]))
                .withMessage("a nonce has 16 bytes, not " + bytes);
    }

    @Test
    void asksWithTheHeadersOfTheRfc() {
        assertThat(ClientHandshake.requestHeaders(KEY, List.of(), List.of()))
                .containsExactly(
                        Map.entry("Upgrade", "websocket"),
                        Map.entry("Connection", "Upgrade"),
                        Map.entry("Sec-WebSocket-Key", KEY),
                        Map.entry("Sec-WebSocket-Version", "13"));
        assertThat(ClientHandshake.requestHeaders(KEY, List.of("chat", "superchat"), List.of(DEFLATE, new Extension("x", List.of()))))
                .containsEntry("Sec-WebSocket-Protocol", "chat, superchat")
                .containsEntry("Sec-WebSocket-Extensions", "permessage-deflate, x");
    }

    /** What a client asks for, a server of ours takes. */
    @Test
    void asksForWhatAServerTakes() {
        Map<String, List<String>> asked = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ClientHandshake.requestHeaders(KEY, List.of("a", "b"), List.of(DEFLATE))
                .forEach((name, value) -> asked.put(name, List.of(value)));
        asked.put("Host", List.of("example.com"));
        assertThat(ServerHandshake.read("GET", "HTTP/1.1", name -> asked.getOrDefault(name, List.of())))
                .isEqualTo(new UpgradeRequest.Valid(KEY, List.of("a", "b"), List.of(DEFLATE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\r\nEvil: 1", "ä", "a\u0000"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesToOfferWhatIsNoToken(String subprotocol) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientHandshake.requestHeaders(KEY, List.of(subprotocol), List.of()))
                .withMessageStartingWith("subprotocol is not a token of HTTP: ");
    }

    @Test
    void refusesToOfferASubprotocolTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientHandshake.requestHeaders(KEY, List.of("a", "b", "a"), List.of()))
                .withMessage("subprotocol a is offered twice");
    }

    @Test
    @Tag("U3")
    void takesTheResponseOfTheRfc() {
        with("Sec-WebSocket-Protocol", "chat");
        assertThat(read()).isEqualTo(new Accepted(Optional.of("chat"), List.of()));
    }

    @Test
    @Tag("U3")
    void takesAnExtensionThatWasOffered() {
        with("Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover");
        assertThat(read())
                .isEqualTo(new Accepted(
                        Optional.empty(),
                        List.of(new Extension(
                                "permessage-deflate",
                                List.of(new Extension.Parameter("server_no_context_takeover", ""))))));
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade, ' WebSocket '",
        "Connection, 'keep-alive, UPGRADE'",
        "Sec-WebSocket-Accept, '\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= '"
    })
    @Tag("U3")
    void takesOtherSpellings(String name, String value) {
        with(name, value);
        assertThat(read()).isEqualTo(new Accepted(Optional.empty(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 302, 401, 426, 503})
    @Tag("U3")
    void leavesAnyOtherStatusToHttp(int status) {
        assertThat(ClientHandshake.read(status, name -> List.of(), KEY, List.of(), List.of())).isEqualTo(new NotSwitched());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Upgrade | h2c | the response's Upgrade is ["h2c"], not websocket
            Upgrade | websocket, h2c | the response's Upgrade is ["websocket, h2c"], not websocket
            Connection | close | the response's Connection is ["close"], not Upgrade
            Sec-WebSocket-Accept | S3pPLMBiTxaQ9kYGzzhZRbK+xOo= | the response's Sec-WebSocket-Accept does not fit the request's key
            Sec-WebSocket-Protocol | Chat | the server chose subprotocol ["Chat"], offered were [chat, superchat]
            Sec-WebSocket-Protocol | chat, superchat | the server chose subprotocol ["chat, superchat"], offered were [chat, superchat]
            Sec-WebSocket-Extensions | x-snappy | the server chose extension ["x-snappy"], offered were [permessage-deflate]
            Sec-WebSocket-Extensions | ;;; | the server chose extension [";;;"], offered were [permessage-deflate]
            """)
    @Tag("U3")
    @Tag("H6")
    void refusesA101ThatIsNoAnswer(String name, String value, String reason) {
        with(name, value);
        assertThat(read()).isEqualTo(new Faulty(reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection", "Sec-WebSocket-Accept"})
    @Tag("U3")
    void refusesA101ThatLacksAHeader(String name) {
        with(name);
        assertThat(read()).isInstanceOf(Faulty.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"})
    @Tag("U3")
    void refusesAHeaderThatStandsTwice(String name) {
        with("Sec-WebSocket-Protocol", "chat");
        String once = fields.get(name.toLowerCase(Locale.ROOT)).get(0);
        with(name, once, once);
        assertThat(read()).isInstanceOf(Faulty.class);
    }

    @Test
    @Tag("U3")
    void refusesWhatWasNotAskedFor() {
        with("Sec-WebSocket-Protocol", "chat");
        assertThat(read(List.of(), List.of())).isEqualTo(new Faulty("the server chose subprotocol [\"chat\"], offered were []"));
        with("Sec-WebSocket-Protocol");
        with("Sec-WebSocket-Extensions", "permessage-deflate");
        assertThat(read(List.of(), List.of()))
                .isEqualTo(new Faulty("the server chose extension [\"permessage-deflate\"], offered were []"));
    }
}
