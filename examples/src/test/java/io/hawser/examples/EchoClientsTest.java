// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The echo clients, each against a server. */
@Timeout(60)
class EchoClientsTest {
    private static final List<String> LINES = List.of("one", "two", "three");

    private final HawserClient client = HawserClient.shared();

    private static HawserServer server(WebSocketHandler handler) {
        return HawserServer.start(o -> o.port(0), HttpHandler.webSocket(handler));
    }

    private static URI uri(HawserServer server) {
        return URI.create("ws://127.0.0.1:" + server.port() + "/");
    }

    @Test
    void talkInEachFace() throws Exception {
        try (HawserServer server = server(each(message -> message))) {
            assertThat(EchoClients.withDirect(client, uri(server), LINES)).isEqualTo(LINES);
            assertThat(EchoClients.withStreams(client, uri(server), LINES).get(30, TimeUnit.SECONDS)).isEqualTo(LINES);
            assertThat(EchoClients.withFrames(client, uri(server), LINES).get(30, TimeUnit.SECONDS)).isEqualTo(LINES);
        }
    }

    @Test
    void endWhenTheServerCloses() throws Exception {
        try (HawserServer server = server(direct(socket -> socket.send(socket.receive())))) {
            assertThat(EchoClients.withStreams(client, uri(server), LINES).get(30, TimeUnit.SECONDS)).startsWith("one");
        }
    }

    @Test
    void echoesWhatTheServerSays() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (HawserServer server = server(direct(socket -> {
            socket.send("Marco");
            heard.complete(socket.receive().text());
        }))) {
            Connection connection = EchoClients.echoing(client, uri(server)).get(30, TimeUnit.SECONDS);
            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("Marco");
            assertThat(connection.closed().toCompletableFuture().get(30, TimeUnit.SECONDS).status().code())
                    .isEqualTo(CloseStatus.NORMAL);
        }
    }

    @Test
    void runsAsAProgram() {
        try (HawserServer server = server(each(message -> message))) {
            EchoClients.main(new String[] {uri(server).toString()});
        }
    }
}
