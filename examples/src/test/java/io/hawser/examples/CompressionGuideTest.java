// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the guide to compression shows, run. */
@Timeout(60)
class CompressionGuideTest {
    private static final String LONG = "all the same ".repeat(100);

    private static Optional<String> agreed(WebSocketHandler handler, HawserClient client) {
        try (client;
                HawserServer server = CompressionGuideCode.withMoreMemory(HttpHandler.webSocket(handler));
                WebSocket socket = client.connect("ws://localhost:" + server.port() + "/")) {
            socket.send(LONG);
            assertThat(socket.receive()).isNotNull();
            return socket.response().header("Sec-WebSocket-Extensions");
        }
    }

    @Test
    @Tag("L3")
    void agreesWhereBothWant() {
        assertThat(agreed(CompressionGuideCode.harder(message -> message), HawserClient.create(o -> o))).contains("permessage-deflate");
        assertThat(agreed(CompressionGuideCode.notAtAll(new byte[10]), HawserClient.create(o -> o))).isEmpty();
        assertThat(agreed(CompressionGuideCode.harder(message -> message), CompressionGuideCode.offeringNothing())).isEmpty();
    }
}
