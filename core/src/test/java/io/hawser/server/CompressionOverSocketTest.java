// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static io.hawser.HttpHandler.webSocket;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.routes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.BinaryMessage;
import io.hawser.Compression;
import io.hawser.HttpHandler;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.netty.LeakCheck;
import io.hawser.protocol.CloseStatus;
import io.hawser.route.Routes;
import io.hawser.tls.Encryption;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server and a client that agree on compression; over a socket, since that is where both meet as they are. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class CompressionOverSocketTest {
    private static final WebSocketHandler ECHO = each(message -> message);
    private static final String JSON = IntStream.range(0, 500)
            .mapToObj(i -> "{\"id\":" + i + ",\"name\":\"sailor " + i + "\",\"aboard\":true}")
            .collect(Collectors.joining(",", "[", "]"));

    private final HawserClient client = HawserClient.create(Encryption::of);

    @AfterEach
    void end() {
        client.close();
        assertThat(client.compressionBytes()).isZero();
    }

    private static HawserServer start(Compression compression, HttpHandler handler) {
        return HawserServer.start(o -> Encryption.of(o).port(0).webSocket(w -> w.compression(compression)), handler);
    }

    private WebSocket connect(HawserServer server, String path) {
        return client.connect(Encryption.scheme() + "://127.0.0.1:" + server.port() + path);
    }

    private static Optional<String> agreed(WebSocket socket) {
        return socket.response().header("Sec-WebSocket-Extensions");
    }

    @Test
    @Tag("H2")
    void shortensWhatIsSentBothWays() {
        HawserServer server = start(Compression.on(), webSocket(ECHO));
        try (server; WebSocket socket = connect(server, "/")) {
            assertThat(agreed(socket)).contains("permessage-deflate");
            for (int i = 0; i < 3; i++) {
                socket.send(JSON);
                assertThat(socket.receive().text()).isEqualTo(JSON);
            }
            assertThat(server.compressionBytes()).isPositive();
            assertThat(client.compressionBytes()).isPositive();
        }
        assertThat(server.compressionBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 70_000, 1 << 20})
    void leavesAnyMessageAsItWas(int bytes) {
        byte[] random = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(random);
        try (HawserServer server = start(Compression.on(), webSocket(ECHO));
                WebSocket socket = connect(server, "/")) {
            for (byte[] sent : List.of(random, new byte[bytes])) {
                socket.send(BinaryMessage.of(sent));
                assertThat(socket.receive()).isEqualTo(BinaryMessage.of(sent));
            }
        }
    }

    @Test
    void isEachRoutesOwnChoice() {
        try (HawserServer server = start(Compression.on(), routes(
                        path("/plain", Routes.webSocket(ECHO.with(o -> o.compression(Compression.off())))),
                        path("/alone", Routes.webSocket(ECHO.with(
                                o -> o.compression(Compression.on().outgoingContext(false).incomingContext(false))))),
                        path("/small", Routes.webSocket(ECHO.with(
                                o -> o.compression(Compression.on().outgoingWindowBits(9).incomingWindowBits(10)))))));
                WebSocket plain = connect(server, "/plain");
                WebSocket alone = connect(server, "/alone");
                WebSocket small = connect(server, "/small")) {
            assertThat(agreed(plain)).isEmpty();
            assertThat(agreed(alone)).contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
            assertThat(agreed(small)).contains("permessage-deflate; server_max_window_bits=9; client_max_window_bits=10");
            for (WebSocket socket : List.of(plain, alone, small, plain, alone, small)) {
                socket.send(JSON);
                assertThat(socket.receive().text()).isEqualTo(JSON);
            }
        }
    }

    @Test
    void declinesWhatItDoesNotWant() {
        try (HawserServer server = start(Compression.off(), webSocket(ECHO));
                WebSocket socket = connect(server, "/")) {
            assertThat(agreed(socket)).isEmpty();
            socket.send(JSON);
            assertThat(socket.receive().text()).isEqualTo(JSON);
            assertThat(server.compressionBytes()).isZero();
        }
    }

    // ---- limits

    @Test
    @Tag("L3")
    void limitsWhatAServersMessageInflatesTo() {
        try (HawserServer server = start(Compression.on(), webSocket(ECHO));
                WebSocket socket = connect(server, "/")) {
            socket.send(BinaryMessage.of(new byte[(1 << 20) + 1]));
            assertThatExceptionOfType(WebSocketClosedException.class)
                    .isThrownBy(socket::receive)
                    .satisfies(e -> assertThat(e.closed().status().code()).isEqualTo(CloseStatus.TOO_BIG));
        }
    }

    @Test
    @Tag("L3")
    void limitsWhatAClientsMessageInflatesTo() {
        WebSocketHandler large = each(message -> TextMessage.of("x".repeat((1 << 20) + 1)));
        try (HawserServer server = start(Compression.on(), webSocket(large.with(o -> o.messages(MessagePolicy.strict(4 << 20)))));
                WebSocket socket = connect(server, "/")) {
            socket.send("large, please");
            assertThatExceptionOfType(WebSocketClosedException.class).isThrownBy(socket::receive).satisfies(e -> {
                assertThat(e.closed().status().code()).isEqualTo(CloseStatus.TOO_BIG);
                assertThat(e.closed().local()).isTrue();
            });
        }
    }

    // ---- memory

    @Test
    @Tag("hostile-50")
    void agreesOnNoContextWhereThereIsNoRoom() {
        try (HawserServer server = start(Compression.on().memoryBytes(1), webSocket(ECHO));
                WebSocket socket = connect(server, "/")) {
            assertThat(agreed(socket)).contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
            socket.send("too short to be compressed");
            assertThat(socket.receive().text()).isEqualTo("too short to be compressed");
            socket.send(JSON);
            assertThatExceptionOfType(WebSocketClosedException.class)
                    .isThrownBy(socket::receive)
                    .satisfies(e -> assertThat(e.closed().status().code()).isEqualTo(1013));
            assertThat(server.compressionBytes()).isZero();
        }
    }
}
