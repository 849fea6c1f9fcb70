// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.netty.LeakCheck;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Connects that are cancelled or overtaken by the client's end, and ends that are asked for where nobody may wait. Needs sockets: to
 * proxies, which are not there in memory, and to see that what is given up is closed.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class GivingUpTest {
    private static final URI SERVER = URI.create("ws://server.invalid/");

    private static ServerSocket listening() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Proxy proxyAt(ServerSocket listening) {
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()));
    }

    /** Nobody waits any more, so a proxy's consent is not taken, and what would have been asked behind it, with its token, stays here. */
    @Test
    @Tag("U5")
    void closesTheSocketToAProxyWhenTheConnectIsCancelled() throws Exception {
        try (ServerSocket proxy = listening();
                HawserClient client = HawserClient.create(o -> o.proxy(proxyAt(proxy)).bearer("SECRET"))) {
            CompletableFuture<WebSocket> opening = client.connectAsync(SERVER, o -> o);
            try (Socket asked = proxy.accept()) {
                asked.setSoTimeout(20_000);
                byte[] first = asked.getInputStream().readNBytes(20);
                assertThat(new String(first, StandardCharsets.ISO_8859_1)).startsWith("CONNECT server.inval");
                opening.cancel(false);
                asked.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(rest(asked)).doesNotContain("SECRET");
            }
        }
    }

    /** What comes until the peer ends the connection, or resets it, as it may where it has closed already. */
    private static String rest(Socket socket) throws IOException {
        ByteArrayOutputStream came = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(came);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return came.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    @Tag("U5")
    void givesUpWhatIsConnectingWhenTheClientIsClosed() throws Exception {
        try (HawserServer server = HawserServer.start(o -> o.port(0).loops(1), HttpHandler.webSocket(each(message -> message)));
                ServerSocket proxy = listening()) {
            HawserClient client = HawserClient.create(o -> o.loops(server.loops()).proxy(proxyAt(proxy)));
            CompletableFuture<WebSocket> opening = client.connectAsync(SERVER, o -> o);
            try (Socket asked = proxy.accept()) {
                asked.setSoTimeout(20_000);
                asked.getInputStream().readNBytes(20);
                client.close();
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
                        .withCauseInstanceOf(ConnectFailedException.class)
                        .withMessageEndingWith("the client is closed");
                asked.getInputStream().readAllBytes(); // to its end
            }
        }
    }

    /** The refusal's head says all; its body may go on for ever. */
    @Test
    @Tag("U2")
    void tellsOfARefusalWhoseBodyDoesNotEnd() throws Exception {
        try (RawServer raw = new RawServer((head, peer) -> {
                    RawServer.say(peer, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\nwho are");
                    peer.getInputStream().readAllBytes();
                });
                HawserClient client = HawserClient.create(o -> Encryption.of(o).connectTimeout(Duration.ofSeconds(5)))) {
            assertThatExceptionOfType(UpgradeRefusedException.class)
                    .isThrownBy(() -> client.connect(raw.uri()))
                    .satisfies(refused -> {
                        assertThat(refused.status()).isEqualTo(401);
                        assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Basic");
                    });
        }
    }

    @Test
    void refusesToWaitForItsOwnLoop() throws Exception {
        CompletableFuture<Throwable> ofServer = new CompletableFuture<>();
        CompletableFuture<Throwable> ofClient = new CompletableFuture<>();
        CompletableFuture<HawserServer> started = new CompletableFuture<>();
        HawserServer server = HawserServer.start(o -> o.port(0), HttpHandler.webSocket(frames(channel -> {
            ofServer.complete(catchThrowable(() -> started.join().close()));
            return frame -> {};
        })));
        started.complete(server);
        HawserClient client = HawserClient.create(o -> o);
        client.connectAsync(URI.create("ws://127.0.0.1:" + server.port() + "/"), frames(channel -> {
            ofClient.complete(catchThrowable(client::close));
            return frame -> {};
        }), o -> o).get(20, TimeUnit.SECONDS);
        assertThat(ofServer.get(20, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("closing waits");
        assertThat(ofClient.get(20, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        client.close(); // both can be closed from here, all the same
        server.close();
        assertThatIllegalStateException().isThrownBy(() -> HawserClient.shared().close());
    }
}
