// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Compression;
import io.hawser.protocol.engine.PermessageDeflate;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientUpgradeTest {
    /** RFC 6455 1.3 has them as an example. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final UpgradeSettings SETTINGS = new UpgradeSettings(
            "ws://server.example/chat",
            Optional.empty(),
            "server.example",
            80,
            "server.example",
            "/chat",
            List.of(entry("X-First", "1"), entry("X-First", "2")),
            List.of("chat"),
            CompressionOffer.of(Compression.on(), new PermessageDeflate.Memory(1 << 20)),
            KEY,
            Duration.ofSeconds(5),
            0,
            new Proxies(List.of(Proxy.NO_PROXY), Optional.empty(), (proxy, failure) -> {}),
            Optional.empty(),
            16_384);

    private static final Map<String, String> SWITCHING =
            Map.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", ACCEPT);

    private static Map<String, String> withExtensions(String chosen) {
        Map<String, String> fields = new HashMap<>(SWITCHING);
        fields.put("Sec-WebSocket-Extensions", chosen);
        return fields;
    }

    private static ClientUpgrade.Verdict judge(int status, Map<String, String> fields) {
        return ClientUpgrade.judge(status, name -> Optional.ofNullable(fields.get(name)).stream().toList(), SETTINGS);
    }

    @Test
    void sendsHostThenTheHandshakeThenTheApplicationsFields() {
        assertThat(ClientUpgrade.fields(SETTINGS))
                .containsExactly(
                        entry("host", "server.example"),
                        entry("Upgrade", "websocket"),
                        entry("Connection", "Upgrade"),
                        entry("Sec-WebSocket-Key", KEY),
                        entry("Sec-WebSocket-Version", "13"),
                        entry("Sec-WebSocket-Protocol", "chat"),
                        entry("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
                        entry("X-First", "1"),
                        entry("X-First", "2"));
    }

    @Test
    void showsTheRequestThatWasSent() {
        InetSocketAddress server = InetSocketAddress.createUnresolved("server.example", 80);
        var request = ClientUpgrade.request(SETTINGS, server);
        assertThat(request).hasToString("GET /chat");
        assertThat(request.remoteAddress()).isEqualTo(server);
        assertThat(request.headers().allValues("x-first")).containsExactly("1", "2");
        assertThat(request.upgrade()).isPresent();
    }

    @Test
    void acceptsWhatFitsTheKey() {
        assertThat(judge(101, SWITCHING)).isEqualTo(new ClientUpgrade.Verdict.Accepted(Optional.empty()));
    }

    @Test
    void agreesOnCompressionThatWasOffered() {
        assertThat(judge(101, withExtensions("permessage-deflate; client_max_window_bits=10")))
                .isInstanceOfSatisfying(ClientUpgrade.Verdict.Accepted.class, accepted -> assertThat(accepted.deflate())
                        .hasValueSatisfying(deflate -> assertThat(deflate.response())
                                .hasToString("permessage-deflate; client_max_window_bits=10")));
    }

    /** RFC 7692 5.1 and 7.1: the client must fail the connection. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            permessage-deflate; client_max_window_bits=7 | parameter client_max_window_bits=7 of permessage-deflate; \
            client_max_window_bits=7 is not 8 to 15
            permessage-deflate, permessage-deflate | permessage-deflate is there twice
            """)
    @Tag("hostile-48")
    void namesTheAnswerAndTheOfferWhereTheyDoNotFit(String answer, String why) {
        assertThat(judge(101, withExtensions(answer)))
                .isInstanceOfSatisfying(ClientUpgrade.Verdict.Faulty.class, faulty -> assertThat(faulty.failure())
                        .hasMessage("cannot connect to ws://server.example/chat: the server chose extension [" + answer
                                + "], offered were [permessage-deflate; client_max_window_bits]: " + why));
    }

    @Test
    void saysWhatIsWrongWithA101() {
        assertThat(judge(101, Map.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", KEY)))
                .isInstanceOfSatisfying(ClientUpgrade.Verdict.Faulty.class, faulty -> assertThat(faulty.failure())
                        .hasMessage("cannot connect to ws://server.example/chat: the response's Sec-WebSocket-Accept does not fit the"
                                + " request's key"));
    }

    @Test
    void waitsBehindInterimResponses() {
        assertThat(judge(103, Map.of())).isEqualTo(new ClientUpgrade.Verdict.Interim());
    }

    @Test
    void takesAnyOtherResponseForARefusal() {
        assertThat(judge(200, Map.of())).isEqualTo(new ClientUpgrade.Verdict.Refused());
        assertThat(judge(302, Map.of())).isEqualTo(new ClientUpgrade.Verdict.Refused());
    }

    @Test
    void saysWhyThereIsNoConnection() {
        assertThat(SETTINGS.timedOut()).hasMessage("cannot connect to ws://server.example/chat: the connection was not open within PT5S");
        assertThat(SETTINGS.clientClosed()).hasMessage("cannot connect to ws://server.example/chat: the client is closed");
        assertThat(SETTINGS.notAnswered())
                .hasMessage("cannot connect to ws://server.example/chat: the server closed the connection before it answered");
    }
}
