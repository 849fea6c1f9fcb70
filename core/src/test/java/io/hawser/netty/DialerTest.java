// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.Transport;
import io.hawser.WebSocket;
import io.hawser.WebSocketOptions;
import io.hawser.connection.LiveConnection;
import io.hawser.connection.Opening;
import io.hawser.network.Proxies;
import io.hawser.network.UpgradeSettings;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over sockets of loopback addresses, of which Linux has many; the race's rules are {@link HappyEyeballsTest}'s. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class DialerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private HawserServer server;

    @BeforeEach
    void start() {
        server = HawserServer.start(
                o -> Encryption.of(o).port(0).grace(Duration.ofSeconds(5)), HttpHandler.webSocket(each(message -> message)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static InetAddress address(String literal) throws IOException {
        return InetAddress.getByName(literal);
    }

    private static CompletableFuture<LiveConnection> connect(NettyClient client, int port) {
        UpgradeSettings settings = new UpgradeSettings(
                Encryption.scheme() + "://many.test/",
                Encryption.ofClient(),
                "many.test",
                port,
                "many.test",
                "/",
                List.of(),
                List.of(),
                Optional.empty(),
                "dGhlIHNhbXBsZSBub25jZQ==",
                TIMEOUT,
                System.nanoTime() + TIMEOUT.toNanos(),
                new Proxies(List.of(Proxy.NO_PROXY), Optional.empty(), (proxy, failure) -> {}),
                Optional.empty(),
                16 << 10);
        CompletableFuture<LiveConnection> opened = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> client.connect(
                settings,
                (request, response) -> Opening.ofClient(request, response, WebSocketOptions.defaults(), () -> 0),
                opened));
        return opened;
    }

    private static void assertThatItEchoes(CompletableFuture<LiveConnection> opened, String address) {
        try (WebSocket socket = (WebSocket) opened.join().connection()) {
            assertThat(((InetSocketAddress) socket.remoteAddress()).getAddress().getHostAddress()).isEqualTo(address);
            socket.send("hello");
            assertThat(socket.receive().text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void goesOnWhereAnAddressRefuses(Transport transport) throws IOException {
        List<InetAddress> addresses = List.of(address("::1"), address("127.0.0.2"), address("127.0.0.1"));
        NettyClient client = NettyClient.start(transport, 2, name -> addresses);
        try {
            assertThatItEchoes(connect(client, server.port()), "127.0.0.1");
        } finally {
            client.stop(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void joinsAnAddressThatKeepsSilent(Transport transport) throws IOException {
        List<Socket> fill = new ArrayList<>();
        List<InetAddress> addresses = List.of(address("127.0.0.2"), address("127.0.0.1"));
        NettyClient client = NettyClient.start(transport, 1, name -> addresses);
        try (ServerSocket full = new ServerSocket(server.port(), 1, address("127.0.0.2"))) {
            fillBacklog(full, fill);
            assertThatItEchoes(connect(client, server.port()), "127.0.0.1");
        } finally {
            client.stop(Duration.ofSeconds(1));
            for (Socket socket : fill) {
                socket.close();
            }
        }
    }

    /** Connects until no more is taken: from then on an attempt gets no answer at all. */
    private static void fillBacklog(ServerSocket full, List<Socket> fill) throws IOException {
        while (true) {
            Socket socket = new Socket();
            fill.add(socket);
            try {
                socket.connect(full.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
    }

    @Test
    void saysWhyNoneAnswers() throws IOException {
        server.close();
        List<InetAddress> addresses = List.of(address("127.0.0.1"), address("127.0.0.2"));
        NettyClient client = NettyClient.start(Transport.AUTO, 1, name -> addresses);
        try {
            CompletableFuture<LiveConnection> opened = connect(client, server.port());
            assertThatThrownBy(opened::join)
                    .cause()
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageStartingWith("cannot connect to " + Encryption.scheme() + "://many.test/: ")
                    .hasMessageContaining("onnection refused")
                    .satisfies(failure -> assertThat(failure.getCause().getSuppressed()).hasSize(1));
        } finally {
            client.stop(Duration.ofSeconds(1));
        }
    }
}
