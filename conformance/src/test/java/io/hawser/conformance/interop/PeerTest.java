// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.interop;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.netty.LeakCheck;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import io.hawser.tls.Certificate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
@ExtendWith(LeakCheck.class)
class PeerTest {
    private static final MessagePolicy LARGE = MessagePolicy.strict(1 << 24);

    static Stream<Arguments> peers() {
        return Stream.of(Peer.values()).flatMap(peer -> Stream.concat(
                Stream.of(Arguments.of(peer, false, Tls.Provider.AUTO)),
                Stream.of(Tls.Provider.BORING_SSL, Tls.Provider.JDK).map(provider -> Arguments.of(peer, true, provider))));
    }

    private static void require(Peer peer) {
        assumeTrue(peer.interpreter().isPresent(), "needs a package (Debian: apt-get install node-ws python3-websockets)");
    }

    @ParameterizedTest(name = "{0}, over TLS: {1}, ours by {2}")
    @MethodSource("peers")
    @Tag("T1")
    @Tag("U1")
    @Tag("U2")
    void talksToTheirServer(Peer peer, boolean secure, Tls.Provider provider) throws Exception {
        require(peer);
        List<String> files = List.of(Certificate.LOCALHOST.chain().toString(), Certificate.LOCALHOST.key().toString());
        Process process = peer.start("server", secure ? files : List.of());
        try (HawserClient client = HawserClient.create(o -> o.tls(t -> Certificate.trusting().apply(t).provider(provider)))) {
            URI uri = URI.create((secure ? "wss" : "ws") + "://127.0.0.1:" + Integer.parseInt(Peer.line(process)) + "/");
            try (WebSocket socket = client.connect(
                    uri, o -> o.subprotocols("chat.v2", "chat.v1").webSocket(w -> w.messages(LARGE)))) {
                assertThat(socket.subprotocol()).contains("chat.v1");
                for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
                    String text = "é".repeat(size / 2);
                    socket.send(text);
                    assertThat(socket.receive().text()).isEqualTo(text);
                    socket.send(new byte[size]);
                    assertThat(socket.receive()).isEqualTo(BinaryMessage.of(new byte[size]));
                }
                assertThat(socket.ping()).isPositive();
                Closed closed = socket.close(4001, "done");
                assertThat(closed.status().code()).isEqualTo(4001);
                assertThat(closed.clean()).isTrue();
            }
            try (WebSocket socket = client.connect(uri, o -> o)) {
                socket.send("close");
                Closed closed = socket.closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(closed).isEqualTo(new Closed(CloseStatus.of(4002, "as you wish"), false, true));
            }
        } finally {
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}, over TLS: {1}, ours by {2}")
    @MethodSource("peers")
    @Tag("T1")
    @Tag("H5")
    void talksToTheirClient(Peer peer, boolean secure, Tls.Provider provider) throws Exception {
        require(peer);
        try (HawserServer server = HawserServer.start(
                o -> (secure ? o.tls(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider)) : o).port(0).webSocket(w -> w.messages(LARGE)),
                request -> request.upgrade()
                        .map(upgrade -> upgrade.accept(each(message -> message), "chat.v1"))
                        .orElse(Response.of(400)))) {
            String url = (secure ? "wss" : "ws") + "://localhost:" + server.port() + "/";
            Process process =
                    peer.start("client", secure ? List.of(url, Certificate.authorityFile().toString()) : List.of(url));
            try {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(said.strip()).isEqualTo("all well");
                assertThat(process.waitFor()).isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
