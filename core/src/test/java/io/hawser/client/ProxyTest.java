// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.client.HttpProxyServer.CONSENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.Transport;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.netty.LeakCheck;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Needs a socket: proxies are reached by one. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
@Tag("U5")
class ProxyTest {
    private static HawserServer server;
    private static HawserClient client;

    @BeforeAll
    static void start() {
        server = HawserServer.start(
                o -> Encryption.of(o).port(0).grace(Duration.ofSeconds(5)),
                request -> HttpHandler.webSocket(request.path().equals("/echo")
                                ? each(message -> message)
                                : direct(socket -> socket.send(request.headers().map().keySet().toString())))
                        .handle(request));
        client = HawserClient.create(Encryption::of);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    /** Of a server whose name only a proxy knows. */
    private static URI uri(String path) {
        return URI.create(Encryption.scheme() + "://server.invalid:" + server.port() + path);
    }

    private static WebSocket connect(UnaryOperator<ConnectOptions> options) {
        return client.connect(uri("/echo"), options);
    }

    private static void assertThatItEchoes(WebSocket socket) {
        socket.send("Peter");
        assertThat(socket.receive().text()).isEqualTo("Peter");
        String large = "x".repeat(300_000);
        socket.send(large);
        assertThat(socket.receive().text()).isEqualTo(large);
        assertThat(socket.ping()).isPositive();
    }

    private static ConnectFailedException failure(UnaryOperator<ConnectOptions> options) {
        ConnectFailedException[] failure = new ConnectFailedException[1];
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> connect(options))
                .satisfies(thrown -> failure[0] = thrown);
        return failure[0];
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void goesThroughAnHttpProxy(Transport transport) throws IOException {
        try (HttpProxyServer proxy = new HttpProxyServer(CONSENT);
                HawserClient own = HawserClient.create(o -> Encryption.of(o).transport(transport).proxy(proxy.proxy()));
                WebSocket socket = own.connect(uri("/echo").toString())) {
            assertThatItEchoes(socket);
            String authority = "server.invalid:" + server.port();
            assertThat(proxy.head()).first().isEqualTo("CONNECT " + authority + " HTTP/1.1");
            assertThat(proxy.head()).anyMatch(("host: " + authority)::equalsIgnoreCase);
            assertThat(proxy.head()).noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO", "MEMORY"})
    void goesThroughASocksProxy(Transport transport) throws IOException {
        try (SocksProxyServer proxy = new SocksProxyServer("", 0, "");
                HawserClient own = HawserClient.create(o -> Encryption.of(o).transport(transport).proxy(proxy.proxy()));
                WebSocket socket = own.connect(uri("/echo").toString())) {
            assertThatItEchoes(socket);
            assertThat(proxy.asked()).containsExactly("server.invalid:" + server.port());
        }
    }

    @Test
    void tellsAddressesAsAddresses() throws IOException {
        try (SocksProxyServer proxy = new SocksProxyServer("", 0, "");
                WebSocket socket = client.connect(
                        URI.create(Encryption.scheme() + "://127.0.0.1:" + server.port() + "/echo"), o -> o.proxy(proxy.proxy()))) {
            assertThatItEchoes(socket);
            assertThat(proxy.asked()).containsExactly("address:" + server.port());
        }
    }

    /** The proxy's credentials are for the proxy, the server's for the server. */
    @Test
    void authorisesAtAnHttpProxy() throws IOException {
        try (HttpProxyServer proxy = new HttpProxyServer(CONSENT);
                WebSocket socket = client.connect(uri("/headers"), o -> o.proxy(proxy.proxy())
                        .proxyCredentials("Aladdin", "open sesame")
                        .bearer("token"))) {
            assertThat(proxy.head()).anyMatch("proxy-authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="::equalsIgnoreCase);
            assertThat(proxy.head()).noneMatch(line -> line.contains("token"));
            assertThat(socket.receive().text()).contains("Authorization").doesNotContainIgnoringCase("proxy-authorization");
        }
    }

    @Test
    void authorisesAtASocksProxy() throws IOException {
        try (SocksProxyServer proxy = new SocksProxyServer("user:secret", 0, "");
                WebSocket socket = connect(o -> o.proxy(proxy.proxy()).proxyCredentials("user", "secret"))) {
            assertThatItEchoes(socket);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n', refused: status: 407 Proxy Authentication Required",
        "'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', refused: status: 403 Forbidden",
        "'HTTP/1.1 502 Bad Gateway\r\n\r\nuntil the end', refused: status: 502 Bad Gateway",
        "'SSH-2.0-OpenSSH_9.6\r\n\r\n', gave an answer that cannot be read: invalid version format: SSH-2.0-OPENSSH_9.6",
        "'HTTP/1.1 200 Conn', closed the connection before it answered",
        "'', closed the connection before it answered",
    })
    @Tag("hostile-15")
    void saysWhatAnHttpProxySaid(String answer, String why) throws IOException {
        try (HttpProxyServer proxy = new HttpProxyServer(answer)) {
            assertThat(failure(o -> o.proxy(proxy.proxy()).proxyCredentials("user", "secret")))
                    .hasMessage("cannot connect to " + uri("/echo") + ": the HTTP proxy " + proxy.address() + " " + why);
        }
    }

    @Test
    @Tag("hostile-15")
    void saysWhatASocksProxySaid() throws IOException {
        try (SocksProxyServer refusing = new SocksProxyServer("", 5, "");
                SocksProxyServer asking = new SocksProxyServer("user:secret", 0, "")) {
            String start = "cannot connect to " + uri("/echo") + ": the SOCKS proxy ";
            assertThat(failure(o -> o.proxy(refusing.proxy())))
                    .hasMessage(start + refusing.address() + " refused: status: CONNECTION_REFUSED(5)");
            assertThat(failure(o -> o.proxy(asking.proxy())))
                    .hasMessage(start + asking.address() + " refused: unexpected authMethod: UNACCEPTED(255)");
            assertThat(failure(o -> o.proxy(asking.proxy()).proxyCredentials("user", "guess")))
                    .hasMessageStartingWith(start + asking.address() + " refused: authStatus: ")
                    .hasMessageNotContainingAny("guess", "user");
            assertThat(failure(o -> o.proxy(asking.proxy()).proxyCredentials("user", "p\u00e4ss")))
                    .hasMessage(start + asking.address() + " takes a name and a password of 1 to 255 ASCII characters only");
        }
    }

    @Test
    @Tag("hostile-15")
    void givesUpAnAnswerWhoseHeadNeverEnds() throws IOException {
        assumeFalse(Encryption.isOn(), "what answers here speaks in the clear");
        try (RawServer raw = new RawServer((head, peer) -> {
            RawServer.say(peer, "HTTP/1.1 200 OK\r\n");
            while (true) {
                RawServer.say(peer, "X: " + "x".repeat(1000) + "\r\n");
            }
        })) {
            Proxy endless = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), raw.port()));
            assertThat(failure(o -> o.proxy(endless)))
                    .hasMessageStartingWith("cannot connect to " + uri("/echo") + ": the HTTP proxy 127.0.0.1:" + raw.port()
                            + " gave an answer that cannot be read: HTTP header is larger than 8192 bytes");
        }
    }

    @Test
    void keepsWhatComesBehindTheConsent() throws IOException {
        assumeFalse(Encryption.isOn(), "what answers here speaks in the clear");
        String refusal = "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno";
        try (HttpProxyServer http = new HttpProxyServer(CONSENT + refusal);
                SocksProxyServer socks = new SocksProxyServer("", 0, refusal)) {
            for (ProxyServer proxy : List.of(http, socks)) {
                assertThatExceptionOfType(UpgradeRefusedException.class)
                        .isThrownBy(() -> connect(o -> o.proxy(proxy.proxy())))
                        .satisfies(refused -> {
                            assertThat(refused.status()).isEqualTo(503);
                            assertThat(refused.bodyText()).isEqualTo("no");
                        });
            }
        }
    }

    @Test
    void saysWhichProxyCannotBeReached() throws IOException {
        Proxy unknown = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("nobody.invalid", 3128));
        assertThat(failure(o -> o.proxy(unknown)))
                .hasMessage("cannot connect to " + uri("/echo") + ": the HTTP proxy nobody.invalid:3128 cannot be reached: the name"
                        + " nobody.invalid has no address");
        Proxy gone = gone();
        assertThat(failure(o -> o.proxy(gone)))
                .hasMessageStartingWith("cannot connect to " + uri("/echo") + ": the HTTP proxy 127.0.0.1:")
                .hasMessageContaining(" cannot be reached: ")
                .hasMessageContaining("onnection refused");
    }

    private static Proxy gone() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        }
    }

    /** A selector that writes down what it was asked, and told. */
    private static final class Choosing extends ProxySelector {
        final Queue<String> notes = new ConcurrentLinkedQueue<>();
        private final Function<URI, List<Proxy>> choice;

        Choosing(Function<URI, List<Proxy>> choice) {
            this.choice = choice;
        }

        @Override
        public List<Proxy> select(URI uri) {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            notes.add("select " + uri);
            return choice.apply(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            assertThat(failure).hasMessageContaining("onnection refused");
            notes.add("failed " + uri + " " + address);
        }
    }

    @Test
    void takesTheNextProxyWhereOneCannotBeReached() throws IOException {
        Proxy gone = gone();
        try (HttpProxyServer proxy = new HttpProxyServer(CONSENT)) {
            Choosing selector = new Choosing(uri -> List.of(gone, proxy.proxy()));
            try (WebSocket socket = connect(o -> o.proxy(selector))) {
                assertThatItEchoes(socket);
            }
            String http = uri("/echo").toString().replaceFirst("^ws", "http");
            assertThat(selector.notes).containsExactly("select " + http, "failed " + http + " " + gone.address());
        }
    }

    @Test
    void takesTheAnswerOfAProxyForTheLastWord() throws IOException {
        try (HttpProxyServer refusing = new HttpProxyServer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
                HttpProxyServer proxy = new HttpProxyServer(CONSENT)) {
            Choosing selector = new Choosing(uri -> List.of(refusing.proxy(), proxy.proxy()));
            assertThat(failure(o -> o.proxy(selector))).hasMessageContaining("403 Forbidden");
        }
    }

    @Test
    void goesWithoutAProxyWhereTheSelectorSaysSo() throws IOException {
        URI here = URI.create(Encryption.scheme() + "://127.0.0.1:" + server.port() + "/echo");
        Proxy gone = gone();
        for (List<Proxy> choice : List.of(List.<Proxy>of(), List.of(Proxy.NO_PROXY), List.of(gone, Proxy.NO_PROXY))) {
            try (WebSocket socket = client.connect(here, o -> o.proxy(new Choosing(uri -> choice)))) {
                assertThatItEchoes(socket);
            }
        }
    }

    @Test
    void failsWhereTheSelectorThrows() {
        assertThat(failure(o -> o.proxy(new Choosing(uri -> {
            throw new IllegalStateException("no idea");
        })))).hasMessage("cannot connect to " + uri("/echo") + ": no idea").hasCauseInstanceOf(IllegalStateException.class);
    }
}
