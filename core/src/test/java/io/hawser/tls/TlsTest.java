// SPDX-License-Identifier: Apache-2.0

package io.hawser.tls;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.netty.LeakCheck;
import io.hawser.netty.TransportCheck;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import io.netty.pkitesting.CertificateBuilder;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Needs a socket: there is no TLS in memory. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TlsTest {
    private static final int LARGE = 5 << 20;

    /** How many requests a server was asked. */
    private final AtomicInteger requests = new AtomicInteger();

    private final CompletableFuture<Closed> serversEnd = new CompletableFuture<>();

    private HawserServer server(UnaryOperator<Tls> tls) {
        return server(Transport.AUTO, tls);
    }

    private HawserServer server(Transport transport, UnaryOperator<Tls> tls) {
        return HawserServer.start(
                o -> o.port(0)
                        .transport(transport)
                        .grace(Duration.ofSeconds(5))
                        .tls(tls)
                        .webSocket(w -> w.messages(MessagePolicy.strict(LARGE))),
                request -> {
                    requests.incrementAndGet();
                    return switch (request.path()) {
                        case "/echo" -> HttpHandler.webSocket(each(message -> message)).handle(request);
                        case "/who" -> HttpHandler.webSocket(direct(socket -> {
                            socket.send(socket.principal().map(Principal::getName).orElse("nobody"));
                            serversEnd.complete(socket.closed().toCompletableFuture().join());
                        })).handle(request);
                        default -> Response.text(404, "nothing at " + request.path());
                    };
                });
    }

    private static HawserClient client(UnaryOperator<Tls> tls) {
        return HawserClient.create(o -> o.tls(tls));
    }

    private static URI uri(HawserServer server, String host, String path) {
        return URI.create("wss://" + host + ":" + server.port() + path);
    }

    private static WebSocket connect(HawserClient client, HawserServer server, String path) {
        return client.connect(uri(server, "127.0.0.1", path), o -> o);
    }

    static Stream<Arguments> providersAndTransports() {
        return Stream.of(Tls.Provider.JDK, Tls.Provider.BORING_SSL)
                .flatMap(provider -> Stream.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING)
                        .map(transport -> Arguments.of(provider, transport)));
    }

    @ParameterizedTest
    @MethodSource("providersAndTransports")
    @Tag("T1")
    @Tag("U1")
    void talks(Tls.Provider provider, Transport transport) {
        TransportCheck.assumeWorks(transport);
        try (HawserServer server = server(transport, t -> Certificate.LOCALHOST.shown().apply(t).provider(provider));
                HawserClient client =
                        HawserClient.create(o -> o.transport(transport).tls(t -> Certificate.trusting().apply(t).provider(provider)))) {
            assertThat(server.tlsProvider()).contains(provider);
            try (WebSocket socket = client.connect(
                    uri(server, "localhost", "/echo"), o -> o.webSocket(w -> w.messages(MessagePolicy.strict(LARGE))))) {
                socket.send("Peter");
                assertThat(socket.receive().text()).isEqualTo("Peter");
                for (int bytes : new int[] {0, 16 << 10, 300_000, LARGE}) {
                    socket.send(new byte[bytes]);
                    assertThat(socket.receive()).isEqualTo(BinaryMessage.of(new byte[bytes]));
                }
                assertThat(socket.ping()).isPositive();
                Closed closed = socket.close(4001, "token expired");
                assertThat(closed).isEqualTo(new Closed(CloseStatus.of(4001, "token expired"), true, true));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("T1")
    void completesSendsWhenTheirRecordsAreAccepted(Tls.Provider provider) throws Exception {
        try (HawserServer server = server(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider));
                HawserClient client = client(Certificate.trusting());
                WebSocket socket = connect(client, server, "/echo")) {
            for (int i = 0; i < 100; i++) {
                socket.sendAsync(BinaryMessage.wrap(new byte[100_000])).toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(socket.receive()).isEqualTo(BinaryMessage.of(new byte[100_000]));
            }
        }
    }

    @Test
    @Tag("T2")
    void takesVersionsBoth() {
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            for (Tls.Provider provider : new Tls.Provider[] {Tls.Provider.JDK, Tls.Provider.BORING_SSL}) {
                try (HawserServer server = server(Certificate.LOCALHOST.shown());
                        HawserClient client = client(t -> Certificate.trusting().apply(t).provider(provider).protocols(version));
                        WebSocket socket = connect(client, server, "/echo")) {
                    socket.send(version);
                    assertThat(socket.receive().text()).isEqualTo(version);
                }
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.defaults().protocols("TLSv1.1"))
                .withMessage("protocols must be TLSv1.3 or TLSv1.2, not TLSv1.1");
        assertThatIllegalArgumentException().isThrownBy(() -> Tls.defaults().protocols(new String[0]));
    }

    /** What is wrong with a server's certificate, and the certificate. */
    static Stream<Arguments> refused() {
        CertificateBuilder local = Certificate.builder("localhost").addSanDnsName("localhost").addSanIpAddress("127.0.0.1");
        Instant now = Instant.now();
        return Stream.of(
                        Arguments.of("wrong host", Certificate.of(Certificate.builder("x").addSanDnsName("example.com"))),
                        Arguments.of("wrong address", Certificate.of(Certificate.builder("x").addSanIpAddress("127.0.0.2"))),
                        Arguments.of("name, not the address", Certificate.of(Certificate.builder("x").addSanDnsName("localhost"))),
                        Arguments.of("expired", Certificate.of(local.copy()
                                .notBefore(now.minus(Duration.ofDays(9)))
                                .notAfter(now.minus(Duration.ofDays(1))))),
                        Arguments.of("self-signed", Certificate.selfSigned(local.copy())),
                        Arguments.of("of a stranger", Certificate.ofAStranger(local.copy())))
                .flatMap(which -> Stream.of(Tls.Provider.JDK, Tls.Provider.BORING_SSL)
                        .map(provider -> Arguments.of(which.get()[0], which.get()[1], provider)));
    }

    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("refused")
    @Tag("T2")
    @Tag("hostile-52")
    void refusesServersThatAreNotProven(String why, Certificate shown, Tls.Provider provider) {
        try (HawserServer server = server(shown.shown());
                HawserClient client = client(t -> Certificate.trusting().apply(t).provider(provider))) {
            assertThatExceptionOfType(ConnectFailedException.class)
                    .as(why)
                    .isThrownBy(() -> connect(client, server, "/echo"))
                    .withMessageStartingWith("cannot connect to wss://127.0.0.1:" + server.port() + "/echo: TLS failed: ")
                    .withMessageMatching(".*: TLS failed: \\w+Exception: .+");
            assertThat(requests).as("requests that reached the application").hasValue(0);
        }
    }

    @Test
    @Tag("T2")
    @Tag("hostile-52")
    void trustsNobodyThatTheSystemDoesNotByDefault() {
        try (HawserServer server = server(Certificate.LOCALHOST.shown());
                HawserClient client = client(t -> t)) {
            assertThatExceptionOfType(ConnectFailedException.class).isThrownBy(() -> connect(client, server, "/echo"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    @Tag("T2")
    void knowsClientsByTheirCertificates(Tls.Provider provider) throws Exception {
        Certificate ada = Certificate.of(Certificate.builder("Ada").addExtendedKeyUsageClientAuth());
        UnaryOperator<Tls> asking = t -> Certificate.trusting()
                .apply(Certificate.LOCALHOST.shown().apply(t))
                .provider(provider)
                .clientCertificate(Tls.ClientCertificate.REQUIRED);
        try (HawserServer server = server(asking);
                HawserClient known = client(t -> ada.shown().apply(Certificate.trusting().apply(t)));
                HawserClient unknown = client(Certificate.trusting());
                HawserClient stranger = client(t -> Certificate.ofAStranger(Certificate.builder("Ada")).shown()
                        .apply(Certificate.trusting().apply(t)))) {
            try (WebSocket socket = connect(known, server, "/who")) {
                assertThat(socket.receive().text()).isEqualTo("CN=Ada");
            }
            assertThatExceptionOfType(ConnectFailedException.class).isThrownBy(() -> connect(unknown, server, "/who"));
            assertThatExceptionOfType(ConnectFailedException.class).isThrownBy(() -> connect(stranger, server, "/who"));
        }
        try (HawserServer server = server(t -> asking.apply(t).clientCertificate(Tls.ClientCertificate.WANTED));
                HawserClient unknown = client(Certificate.trusting());
                WebSocket socket = connect(unknown, server, "/who")) {
            assertThat(socket.receive().text()).isEqualTo("nobody");
        }
    }

    @Test
    @Tag("T2")
    @Tag("U7")
    void showsItsCertificateToNobodyElseWhenItIsRedirected() {
        Certificate ada = Certificate.of(Certificate.builder("Ada").addExtendedKeyUsageClientAuth());
        UnaryOperator<Tls> asking = t -> Certificate.trusting()
                .apply(Certificate.LOCALHOST.shown().apply(t))
                .clientCertificate(Tls.ClientCertificate.WANTED);
        try (HawserServer other = server(asking);
                HawserServer first = HawserServer.start(
                        o -> o.port(0).tls(asking),
                        request -> request.path().equals("/who")
                                ? HttpHandler.webSocket(direct(socket ->
                                                socket.send(socket.principal().map(Principal::getName).orElse("nobody"))))
                                        .handle(request)
                                : Response.text(302, "go on").withHeader("Location", request.path().equals("/here")
                                        ? "/who"
                                        : "https://127.0.0.1:" + other.port() + "/who"));
                HawserClient client = HawserClient.create(
                        o -> o.redirects(1).tls(t -> ada.shown().apply(Certificate.trusting().apply(t))))) {
            try (WebSocket socket = connect(client, first, "/here")) {
                assertThat(socket.receive().text()).isEqualTo("CN=Ada");
            }
            try (WebSocket socket = connect(client, first, "/elsewhere")) {
                assertThat(socket.receive().text()).isEqualTo("nobody");
            }
        }
    }

    @Test
    @Tag("T2")
    void takesAContextOfTheApplicationsOwn() throws Exception {
        SSLContext shows = SSLContext.getInstance("TLS");
        shows.init(Certificate.LOCALHOST.bundle().toKeyManagerFactory().getKeyManagers(), null, null);
        SSLContext trusts = SSLContext.getInstance("TLS");
        trusts.init(null, Certificate.LOCALHOST.bundle().toTrustManagerFactory().getTrustManagers(), null);
        try (HawserServer server = server(t -> t.context(shows));
                HawserClient client = client(t -> t.context(trusts))) {
            assertThat(server.tlsProvider()).contains(Tls.Provider.JDK);
            try (WebSocket socket = connect(client, server, "/echo")) {
                socket.send("Peter");
                assertThat(socket.receive().text()).isEqualTo("Peter");
            }
            assertThatExceptionOfType(ConnectFailedException.class)
                    .as("its trust is not all: the host must fit")
                    .isThrownBy(() -> client.connect(uri(server, "127.0.0.2", "/echo"), o -> o));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> server(t -> t.context(shows).provider(Tls.Provider.BORING_SSL)))
                .withMessageContaining("SSLContext");
        try (HawserServer server = server(t -> t.context(shows));
                HawserClient client = client(t -> t.context(trusts).provider(Tls.Provider.BORING_SSL))) {
            for (String time : new String[] {"first", "second"}) {
                assertThatIllegalStateException()
                        .as(time)
                        .isThrownBy(() -> connect(client, server, "/echo"))
                        .withMessage("BoringSSL cannot use an SSLContext, which is the JDK's");
            }
        }
    }

    @Test
    @Tag("T2")
    void asksClientsForCertificatesOnlyOfThoseWhomItWasToldToTrust() throws Exception {
        refuses(
                t -> Certificate.LOCALHOST.shown().apply(t).clientCertificate(Tls.ClientCertificate.WANTED),
                "clientCertificate(WANTED) would let in whoever has a certificate of any public authority");
        refuses(
                t -> Certificate.LOCALHOST.shown().apply(t).clientCertificate(Tls.ClientCertificate.REQUIRED),
                "name those of your clients, o.tls(t -> t.trust(file))");
        SSLContext own = SSLContext.getInstance("TLS");
        own.init(
                Certificate.LOCALHOST.bundle().toKeyManagerFactory().getKeyManagers(),
                Certificate.LOCALHOST.bundle().toTrustManagerFactory().getTrustManagers(),
                null);
        Certificate ada = Certificate.of(Certificate.builder("Ada").addExtendedKeyUsageClientAuth());
        try (HawserServer server = server(t -> t.context(own).clientCertificate(Tls.ClientCertificate.REQUIRED));
                HawserClient client = client(t -> ada.shown().apply(Certificate.trusting().apply(t)));
                WebSocket socket = connect(client, server, "/who")) {
            assertThat(socket.receive().text()).isEqualTo("CN=Ada");
        }
    }

    @Test
    @Tag("T2")
    void takesOneCertificateForAClient() {
        Certificate ada = Certificate.of(Certificate.builder("Ada").addExtendedKeyUsageClientAuth());
        Certificate eve = Certificate.of(Certificate.builder("Eve").addExtendedKeyUsageClientAuth());
        try (HawserServer server = server(Certificate.LOCALHOST.shown());
                HawserClient client = client(t -> eve.shown().apply(ada.shown().apply(Certificate.trusting().apply(t))))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connect(client, server, "/who"))
                    .withMessageStartingWith("a client shows one certificate, not 2: [" + ada.chain());
        }
    }

    @Test
    @Tag("T2")
    void readsKeyStores() throws Exception {
        Path store = Certificate.LOCALHOST.keyStore("secret");
        try (HawserServer server = server(t -> t.keyStore(store, "secret"));
                HawserClient client = client(Certificate.trusting());
                WebSocket socket = connect(client, server, "/echo")) {
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Peter");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server(t -> t.keyStore(store, "wrong")))
                .withMessageStartingWith("cannot read the certificate from [" + store + "]: ")
                .withMessageNotContaining("wrong\"");
        Path trusted = Certificate.file(".p12", "");
        try (OutputStream out = Files.newOutputStream(trusted)) {
            Certificate.trustStore().store(out, "secret".toCharArray());
        }
        refuses(t -> t.keyStore(trusted, "secret"), "cannot read the certificate from [" + trusted + "]: it holds no key");
    }

    /** As {@code openssl pkcs8 -topk8} writes it: PBES2 (RFC 8018, 6.2). */
    @Test
    @Tag("T2")
    void readsEncryptedKeys() throws Exception {
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(new JcaPKCS8Generator(
                    Certificate.LOCALHOST.bundle().getKeyPair().getPrivate(),
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPRF(PKCS8Generator.PRF_HMACSHA256)
                            .setPassword("secret".toCharArray())
                            .build()));
        }
        Path key = Certificate.file(".pem", pem.toString());
        try (HawserServer server = server(t -> t.certificate(Certificate.LOCALHOST.chain(), key, "secret"));
                HawserClient client = client(Certificate.trusting());
                WebSocket socket = connect(client, server, "/echo")) {
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Peter");
        }
        refuses(t -> t.certificate(Certificate.LOCALHOST.chain(), key, "wrong"), "cannot read the certificate from");
        refuses(t -> t.certificate(Certificate.LOCALHOST.chain(), key), "has no block 'PRIVATE KEY'");
    }

    @Test
    void saysWhatIsWrongWithFiles() throws Exception {
        Path missing = Certificate.LOCALHOST.chain().resolveSibling("missing.pem");
        Certificate other = Certificate.of(Certificate.builder("other"));
        Path empty = Certificate.file(".pem", "");
        Path oldKey = Certificate.file(".pem", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        refuses(t -> t, "TLS needs a certificate to show");
        refuses(t -> t.certificate(missing, other.key()), "there is no " + missing);
        refuses(t -> t.certificate(other.chain(), missing), "there is no " + missing);
        refuses(t -> t.certificate(other.chain(), Certificate.LOCALHOST.key()), "the key is not that of the certificate");
        refuses(t -> t.certificate(empty, other.key()), "it holds no certificate");
        refuses(t -> t.certificate(other.chain(), oldKey), "openssl pkcs8");
        refuses(t -> other.shown().apply(t).trust(missing), "there is no " + missing);
        try (HawserClient client = client(t -> t.trust(missing))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.connect("wss://127.0.0.1:1/"))
                    .withMessageContaining("there is no " + missing);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Tls.defaults().reloadEvery(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tls.defaults().reloadEvery(Duration.ofDays(366)))
                .withMessage("reloadEvery must be zero to 365 days: PT8784H");
        assertThat(Files.exists(missing)).isFalse();
    }

    private void refuses(UnaryOperator<Tls> tls, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> server(tls)).withMessageContaining(why);
    }

    @Test
    @Tag("C10")
    void tellsBothSidesOfACleanEnd() throws Exception {
        try (HawserServer server = server(Certificate.LOCALHOST.shown());
                HawserClient client = client(Certificate.trusting())) {
            CompletableFuture<Connection> opened = client.connectAsync(
                    uri(server, "127.0.0.1", "/who"), each(message -> message), o -> o);
            Connection connection = opened.get(20, TimeUnit.SECONDS);
            connection.closeAsync(CloseStatus.of(CloseStatus.NORMAL, "done"));
            assertThat(connection.closed().toCompletableFuture().get(20, TimeUnit.SECONDS).clean()).isTrue();
            assertThat(serversEnd.get(20, TimeUnit.SECONDS)).isEqualTo(new Closed(CloseStatus.of(CloseStatus.NORMAL, "done"), false, true));
        }
    }
}
