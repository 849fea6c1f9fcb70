// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Tls;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.examples.TlsGuideCode.Pem;
import io.hawser.server.HawserServer;
import io.hawser.tls.Certificate;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the guide to TLS shows, run. */
@Timeout(60)
class TlsGuideTest {
    private static final HttpHandler APP = HttpHandler.webSocket(direct(socket -> {
        socket.send("Hello");
        socket.receive();
    }));

    private static final Path AUTHORITY = Certificate.authorityFile();
    private static final Pem LOCALHOST = pem(Certificate.LOCALHOST);

    private static Pem pem(Certificate certificate) {
        return new Pem(certificate.chain(), certificate.key());
    }

    private static URI uri(HawserServer server, String host) {
        return URI.create("wss://" + host + ":" + server.port() + "/");
    }

    private static SSLContext trustingContext() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, Certificate.LOCALHOST.bundle().toTrustManagerFactory().getTrustManagers(), null);
        return context;
    }

    private static String greeting(HawserClient client, HawserServer server) {
        try (client; WebSocket socket = client.connect(uri(server, "localhost"))) {
            return socket.receive().text();
        }
    }

    @Test
    void readsPem() {
        try (HawserServer server = TlsGuideCode.withPem(0, LOCALHOST.chain(), LOCALHOST.key(), APP)) {
            assertThat(greeting(TlsGuideCode.trusting(AUTHORITY), server)).isEqualTo("Hello");
            assertThat(server.tlsProvider()).isPresent();
        }
    }

    @Test
    void readsPkcs12() {
        Path file = Certificate.LOCALHOST.keyStore("secret");
        try (HawserServer server = TlsGuideCode.withKeyStore(0, file, "secret", APP)) {
            assertThat(greeting(TlsGuideCode.trusting(AUTHORITY), server)).isEqualTo("Hello");
        }
    }

    @Test
    void showsTheCertificateOfTheName() throws Exception {
        Certificate www = Certificate.of(Certificate.builder("www").addSanDnsName("www.example.com"));
        try (HawserServer server = TlsGuideCode.withTwo(0, LOCALHOST, pem(www), APP)) {
            assertThat(greeting(TlsGuideCode.trusting(AUTHORITY), server)).isEqualTo("Hello");
            SSLSocketFactory sockets = trustingContext().getSocketFactory();
            try (SSLSocket socket = (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName("www.example.com")));
                socket.setSSLParameters(parameters);
                assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=www");
            }
        }
    }

    @Test
    void reloads() {
        try (HawserServer server = TlsGuideCode.reloading(0, LOCALHOST, APP)) {
            assertThat(greeting(TlsGuideCode.trusting(AUTHORITY), server)).isEqualTo("Hello");
        }
    }

    @Test
    void asksClientsWhoTheyAre() {
        Certificate ada = Certificate.of(Certificate.builder("Ada").addExtendedKeyUsageClientAuth());
        try (HawserServer server = TlsGuideCode.askingWho(0, LOCALHOST, AUTHORITY)) {
            assertThat(greeting(TlsGuideCode.showing(AUTHORITY, pem(ada)), server)).isEqualTo("Hello CN=Ada");
            try (HawserClient nobody = TlsGuideCode.trusting(AUTHORITY)) {
                assertThat(TlsGuideCode.failure(nobody, uri(server, "localhost"))).startsWith("no connection: cannot connect to wss://localhost:");
            }
        }
    }

    @Test
    void takesAContext() throws Exception {
        SSLContext context = trustingContext();
        try (HawserServer server = TlsGuideCode.withPem(0, LOCALHOST.chain(), LOCALHOST.key(), APP)) {
            assertThat(greeting(TlsGuideCode.withContext(context), server)).isEqualTo("Hello");
        }
    }

    @Test
    void choosesProviderAndVersion() {
        try (HawserServer server = TlsGuideCode.withPem(0, LOCALHOST.chain(), LOCALHOST.key(), APP)) {
            assertThat(greeting(TlsGuideCode.withTheJdksTls(AUTHORITY), server)).isEqualTo("Hello");
        }
    }

    @Test
    void showsWhatARefusedCertificateLooksLike() {
        Certificate unknown = Certificate.selfSigned(Certificate.builder("localhost").addSanDnsName("localhost"));
        Certificate other = Certificate.of(Certificate.builder("other").addSanDnsName("www.example.com"));
        Certificate expired = Certificate.of(Certificate.builder("localhost")
                .addSanDnsName("localhost")
                .notBefore(Instant.now().minus(Duration.ofDays(9)))
                .notAfter(Instant.now().minus(Duration.ofDays(1))));
        Map<Certificate, String> wrongs = Map.of(
                unknown, "SunCertPathBuilderException: unable to find valid certification path to requested target",
                other, "CertificateException: No subject alternative DNS name matching localhost found.",
                expired, "CertificateExpiredException: NotAfter: ");
        wrongs.forEach((wrong, why) -> {
            for (Tls.Provider provider : new Tls.Provider[] {Tls.Provider.JDK, Tls.Provider.BORING_SSL}) {
                try (HawserServer server = TlsGuideCode.withPem(0, wrong.chain(), wrong.key(), APP);
                        HawserClient client = HawserClient.create(o -> o.tls(t -> t.trust(AUTHORITY).provider(provider)))) {
                    assertThat(TlsGuideCode.failure(client, uri(server, "localhost")))
                            .startsWith("no connection: cannot connect to wss://localhost:" + server.port() + "/: TLS failed: ")
                            .contains(why);
                }
            }
        });
    }
}
