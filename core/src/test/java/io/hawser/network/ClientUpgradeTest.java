// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
            KEY,
            Duration.ofSeconds(5),
            0,
            new Proxies(List.of(Proxy.NO_PROXY), Optional.empty(), (proxy, failure) -> {}),
            Optional.empty(),
            16_384);

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
        Map<String, String> fields = Map.of("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", ACCEPT);
        assertThat(judge(101, fields)).isEqualTo(new ClientUpgrade.Verdict.Accepted());
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
