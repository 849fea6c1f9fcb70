// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.ConnectFailedException;
import io.hawser.EventLoops;
import io.hawser.HttpHandler;
import io.hawser.WebSocket;
import io.hawser.netty.LeakCheck;
import io.hawser.server.ForeignLoops;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client on the event loops of a server, and one on its own. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
@Tag("U6")
class SharedLoopsTest {
    private final CompletableFuture<Thread> serversThread = new CompletableFuture<>();

    private HawserServer server() {
        return HawserServer.start(
                o -> Encryption.of(o).port(0).loops(1).grace(Duration.ofSeconds(5)),
                HttpHandler.webSocket(each(message -> {
                    serversThread.complete(Thread.currentThread());
                    return message;
                })));
    }

    private static String uri(HawserServer server) {
        return Encryption.scheme() + "://127.0.0.1:" + server.port() + "/";
    }

    private static Thread loopOf(HawserClient client, HawserServer server) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        client.connectAsync(URI.create(uri(server)), frames(channel -> {
            thread.complete(Thread.currentThread());
            return frame -> {};
        }), o -> o).get(20, TimeUnit.SECONDS);
        return thread.get(20, TimeUnit.SECONDS);
    }

    private static String echo(HawserClient client, HawserServer server) {
        try (WebSocket socket = client.connect(uri(server))) {
            socket.send("Peter");
            return socket.receive().text();
        }
    }

    @Test
    void runsOnTheServersLoopsAndLeavesThemRunning() throws Exception {
        try (HawserServer server = server()) {
            assertThat(server.loops().count()).isEqualTo(1);
            assertThat(server.loops().transport()).isEqualTo(server.transport());
            Thread clients;
            try (HawserClient client = HawserClient.create(o -> Encryption.of(o).loops(server.loops()))) {
                assertThat(client.transport()).isEqualTo(server.transport());
                assertThat(echo(client, server)).isEqualTo("Peter");
                clients = loopOf(client, server);
            }
            assertThat(clients).isSameAs(serversThread.get(20, TimeUnit.SECONDS));
            try (HawserClient another = HawserClient.create(o -> Encryption.of(o).loops(server.loops()))) {
                assertThat(echo(another, server)).as("the loops go on without the first client").isEqualTo("Peter");
            }
        }
    }

    @Test
    void saysThatTheLoopsHaveEndedWithTheirServer() {
        HawserServer server = server();
        try (HawserClient client = HawserClient.create(o -> Encryption.of(o).loops(server.loops()))) {
            server.close();
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> client.connect(uri(server)))
                    .withMessageEndingWith("the server is closed on whose event loops the client runs");
        }
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        try (HawserServer server = server()) {
            Thread own;
            try (HawserClient client = HawserClient.create(Encryption::of)) {
                own = loopOf(client, server);
                assertThat(own.isDaemon()).isTrue();
            }
            own.join(Duration.ofSeconds(20));
            assertThat(own.isAlive()).isFalse();
        }
    }

    @Test
    void takesNoLoopsOfOthers() {
        EventLoops others = new ForeignLoops();
        assertThatIllegalArgumentException().isThrownBy(() -> HawserClient.create(o -> Encryption.of(o).loops(others)));
    }
}
