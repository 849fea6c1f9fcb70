// SPDX-License-Identifier: Apache-2.0

package io.hawser.tls;

import static io.hawser.WebSocketHandler.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hawser.Closed;
import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.connection.LogLines;
import io.hawser.netty.LeakCheck;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server over TLS, met by clients that are the JDK's, or that do what no client should. Needs a socket: there is no TLS in memory. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TlsServerTest {
    private static final String UPGRADE = String.join(
            "\r\n",
            "GET /echo HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "");

    /** A ClientHello as TLS 1.1 has it, with one cipher suite that it knew. */
    private static final String HELLO_1_1 = "16 0302 002f 01 00002b 0302" + "00".repeat(32) + "00 0002 002f 01 00 0000";

    private final List<Closed> ends = new CopyOnWriteArrayList<>();

    private HawserServer server(UnaryOperator<Tls> tls) {
        return server(Duration.ofSeconds(10), tls);
    }

    private HawserServer server(Duration handshakeTimeout, UnaryOperator<Tls> tls) {
        return HawserServer.start(
                o -> o.port(0).tls(tls).handshakeTimeout(handshakeTimeout),
                request -> {
                    if (request.upgrade().isEmpty()) {
                        return Response.text(200, "plain");
                    }
                    return HttpHandler.webSocket(direct(socket -> {
                        try {
                            socket.forEach(socket::send);
                        } finally {
                            ends.add(socket.closed().toCompletableFuture().join());
                        }
                    })).handle(request);
                });
    }

    private static SSLSocket over(Socket tcp) throws Exception {
        tcp.setSoTimeout(20_000);
        return (SSLSocket) Encryption.factory().createSocket(tcp, "localhost", tcp.getPort(), true);
    }

    private static SSLSocket connect(HawserServer server, String sni) throws Exception {
        SSLSocket socket = (SSLSocket) Encryption.factory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(sni.isEmpty() ? List.of() : List.of(new SNIHostName(sni)));
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** The name in the certificate that is shown to who asks for a name. */
    private static String shown(HawserServer server, String sni) throws Exception {
        try (SSLSocket socket = connect(server, sni)) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head + "<end>";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("T2")
    void showsTheCertificateOfTheNameThatIsAskedFor(Tls.Provider provider) throws Exception {
        Certificate one = Certificate.of(Certificate.builder("one").addSanDnsName("one.example"));
        Certificate wild = Certificate.of(Certificate.builder("wild").addExtensionOctetString(
                "2.5.29.17", false, HexFormat.of().parseHex("300f" + "820d" + HexFormat.of().formatHex("*.Two.example".getBytes(StandardCharsets.US_ASCII)))));
        try (HawserServer server = server(t -> wild.shown().apply(one.shown().apply(t)).provider(provider))) {
            assertThat(shown(server, "one.example")).isEqualTo("CN=one");
            assertThat(shown(server, "a.two.example")).isEqualTo("CN=wild");
            assertThat(shown(server, "A.TWO.EXAMPLE")).isEqualTo("CN=wild");
            assertThat(shown(server, "a.b.two.example")).as("a star is one label").isEqualTo("CN=one");
            assertThat(shown(server, "two.example")).isEqualTo("CN=one");
            assertThat(shown(server, "")).as("no name: the first").isEqualTo("CN=one");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("T2")
    void agreesOnHttp11(Tls.Provider provider) throws Exception {
        try (HawserServer server = server(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider));
                SSLSocket socket = connect(server, "localhost")) {
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    private static void replace(Path file, Path by, Instant modified) throws IOException {
        Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("T2")
    void showsNewCertificatesWithoutARestart(Tls.Provider provider) throws Exception {
        Certificate before = Certificate.of(Certificate.builder("before").addSanDnsName("localhost"));
        Certificate after = Certificate.of(Certificate.builder("after").addSanDnsName("localhost"));
        Instant now = Instant.now();
        try (HawserServer server = server(t -> before.shown().apply(t).provider(provider).reloadEvery(Duration.ZERO));
                SSLSocket open = connect(server, "localhost")) {
            say(open, UPGRADE + "\r\n");
            assertThat(head(open.getInputStream())).startsWith("HTTP/1.1 101 ");
            replace(before.chain(), after.chain(), now.plusSeconds(10));
            server.reloadCertificates();
            assertThat(shown(server, "localhost")).as("the key is not there yet").isEqualTo("CN=before");
            replace(before.key(), after.key(), now.plusSeconds(20));
            server.reloadCertificates();
            assertThat(shown(server, "localhost")).isEqualTo("CN=after");
            say(open, "\u0081\u0083\0\0\0\0abc");
            assertThat(open.getInputStream().readNBytes(5)).as("who is connected stays so").isEqualTo(new byte[] {(byte) 0x81, 3, 'a', 'b', 'c'});
        }
    }

    @Test
    @Tag("T2")
    void triesAgainWhereACertificateCouldNotBeRead() throws Exception {
        Certificate before = Certificate.of(Certificate.builder("before").addSanDnsName("localhost"));
        Certificate after = Certificate.of(Certificate.builder("after").addSanDnsName("localhost"));
        Instant renewed = Instant.now().plusSeconds(10);
        Path halfWritten = Certificate.file(".pem", "\n".repeat((int) Files.size(after.chain())));
        LogLines log = new LogLines();
        try (HawserServer server = server(t -> before.shown().apply(t).reloadEvery(Duration.ZERO))) {
            replace(before.key(), after.key(), renewed);
            replace(before.chain(), halfWritten, renewed);
            server.reloadCertificates();
            server.reloadCertificates();
            assertThat(log.with("cannot be used", before.chain().toString())).as("said once").hasSize(1);
            assertThat(shown(server, "localhost")).isEqualTo("CN=before");
            replace(before.chain(), after.chain(), renewed);
            server.reloadCertificates();
            assertThat(shown(server, "localhost")).as("same size, same time, but whole").isEqualTo("CN=after");
        }
    }

    @Test
    @Tag("T2")
    void looksForNewCertificatesByItself() throws Exception {
        Certificate before = Certificate.of(Certificate.builder("before").addSanDnsName("localhost"));
        Certificate after = Certificate.of(Certificate.builder("after").addSanDnsName("localhost"));
        Instant now = Instant.now();
        try (HawserServer server = server(t -> before.shown().apply(t).reloadEvery(Duration.ofMillis(20)))) {
            assertThat(shown(server, "localhost")).isEqualTo("CN=before");
            replace(before.key(), after.key(), now.plusSeconds(10));
            replace(before.chain(), after.chain(), now.plusSeconds(10));
            await().atMost(Duration.ofSeconds(20)).until(() -> shown(server, "localhost").equals("CN=after"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("hostile-51")
    void closesOnWhatIsNoTls(Tls.Provider provider) throws Exception {
        try (HawserServer server = server(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider))) {
            for (String said : new String[] {UPGRADE + "\r\n", "x", new String(HexFormat.of().parseHex(HELLO_1_1.replace(" ", "")), StandardCharsets.ISO_8859_1)}) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(20_000);
                    say(socket, said);
                    if (said.length() < 5) {
                        socket.shutdownOutput(); // too little to tell what it is
                    }
                    assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                            .as("at most an alert")
                            .hasSizeLessThan(64)
                            .doesNotContain("HTTP");
                }
            }
            assertThat(shown(server, "localhost")).as("others are served").isEqualTo("CN=localhost");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("hostile-51")
    void closesWhenAHelloStalls(Tls.Provider provider) throws Exception {
        byte[] hello = HexFormat.of().parseHex(HELLO_1_1.replace(" ", ""));
        try (HawserServer server = server(Duration.ofMillis(300), t -> Certificate.LOCALHOST.shown().apply(t).provider(provider))) {
            for (int bytes : new int[] {0, 1, 20}) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(hello, 0, bytes);
                    assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(64);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("hostile-56")
    void takesAnEndWithoutACloseFrameForAbnormal(Tls.Provider provider) throws Exception {
        try (HawserServer server = server(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider))) {
            for (boolean notify : new boolean[] {true, false}) {
                try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port());
                        SSLSocket socket = over(tcp)) {
                    say(socket, UPGRADE + "\r\n\u0081\u0083\0\0\0\0abc");
                    assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
                    assertThat(socket.getInputStream().readNBytes(5)).endsWith('a', 'b', 'c');
                    if (notify) {
                        socket.shutdownOutput();
                    } else {
                        tcp.shutdownOutput();
                    }
                    await().atMost(Duration.ofSeconds(20)).until(() -> !ends.isEmpty());
                    assertThat(ends).singleElement().satisfies(end -> {
                        assertThat(end.status().code()).isEqualTo(CloseStatus.ABNORMAL);
                        assertThat(end.clean()).isFalse();
                    });
                    ends.clear();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("hostile-55")
    void survivesResetsInTheHandshake(Tls.Provider provider) throws Exception {
        byte[] hello = HexFormat.of().parseHex(HELLO_1_1.replace(" ", ""));
        hello[9] = 0x03;
        hello[10] = 0x03; // TLS 1.2, so that the handshake goes on
        try (HawserServer server = server(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider))) {
            for (int bytes : new int[] {0, 3, 20, hello.length}) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                socket.getOutputStream().write(hello, 0, bytes);
                socket.setSoLinger(true, 0);
                socket.close();
            }
            assertThat(shown(server, "localhost")).as("others are served").isEqualTo("CN=localhost");
            assertThat(ends).as("there was no connection to end").isEmpty();
        }
    }

    @Test
    @Tag("H7")
    @Tag("hostile-7")
    void refusesPagesThatCameInTheClear() throws Exception {
        try (HawserServer server = server(Certificate.LOCALHOST.shown())) {
            for (String scheme : new String[] {"http", "https"}) {
                try (SSLSocket socket = connect(server, "localhost")) {
                    say(socket, UPGRADE + "Origin: " + scheme + "://localhost\r\n\r\n");
                    assertThat(head(socket.getInputStream()))
                            .startsWith(scheme.equals("https") ? "HTTP/1.1 101 " : "HTTP/1.1 403 ");
                }
            }
        }
    }

    @Test
    @Tag("T1")
    void tellsHandlersOfItsSession() throws Exception {
        HttpHandler telling = request -> Response.text(request.tlsSession().orElseThrow().getProtocol());
        try (HawserServer server = HawserServer.start(o -> o.port(0).tls(Certificate.LOCALHOST.shown()), telling);
                SSLSocket socket = connect(server, "localhost")) {
            say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response).endsWith("\r\n\r\n" + socket.getSession().getProtocol());
        }
    }

    @Test
    @Tag("T1")
    void servesPlainRequestsOneAfterAnother() throws Exception {
        try (HawserServer server = server(Certificate.LOCALHOST.shown());
                SSLSocket socket = connect(server, "localhost")) {
            for (int i = 0; i < 3; i++) {
                say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
                assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.ISO_8859_1)).isEqualTo("plain");
            }
            say(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).isEqualTo("plain");
        }
    }

    @Test
    @Tag("T2")
    void refusesVersionsThatAreNotSpoken() throws Exception {
        try (HawserServer server = server(t -> Certificate.LOCALHOST.shown().apply(t).protocols("TLSv1.3"));
                SSLSocket socket = connect(server, "localhost")) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatExceptionOfType(SSLException.class).isThrownBy(socket::startHandshake);
        }
    }
}
