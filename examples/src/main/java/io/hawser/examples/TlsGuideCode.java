// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.Tls;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import java.net.URI;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** What the guide to TLS shows. */
final class TlsGuideCode {
    private TlsGuideCode() {}

    /** A certificate's file and its key's. */
    record Pem(Path chain, Path key) {}

    static HawserServer withPem(int port, Path chain, Path key, HttpHandler app) {
        HawserServer server = HawserServer.start(o -> o.port(port).tls(t -> t.certificate(chain, key)), app);
        return server;
    }

    static HawserServer withKeyStore(int port, Path file, String password, HttpHandler app) {
        HawserServer server = HawserServer.start(o -> o.port(port).tls(t -> t.keyStore(file, password)), app);
        return server;
    }

    static HawserServer withTwo(int port, Pem example, Pem other, HttpHandler app) {
        HawserServer server = HawserServer.start(
                o -> o.port(port).tls(t -> t
                        .certificate(example.chain(), example.key())
                        .certificate(other.chain(), other.key())),
                app);
        return server;
    }

    static HawserServer reloading(int port, Pem pem, HttpHandler app) {
        HawserServer server = HawserServer.start(
                o -> o.port(port).tls(t -> t
                        .certificate(pem.chain(), pem.key())
                        .reloadEvery(Duration.ofMinutes(10))),
                app);
        server.reloadCertificates(); // at once, such as behind the renewal
        return server;
    }

    static HawserServer askingWho(int port, Pem pem, Path clientsAuthority) {
        WebSocketHandler greeter = direct(socket -> {
            String who = socket.principal().map(Principal::getName).orElse("stranger");
            socket.send("Hello " + who);
        });
        HawserServer server = HawserServer.start(
                o -> o.port(port).tls(t -> t
                        .certificate(pem.chain(), pem.key())
                        .trust(clientsAuthority)
                        .clientCertificate(Tls.ClientCertificate.REQUIRED)),
                HttpHandler.webSocket(greeter));
        return server;
    }

    static HawserClient showing(Path authority, Pem own) {
        HawserClient client = HawserClient.create(o -> o.tls(t -> t
                .trust(authority)
                .certificate(own.chain(), own.key())));
        return client;
    }

    static HawserClient trusting(Path authority) {
        HawserClient client = HawserClient.create(o -> o.tls(t -> t.trust(authority)));
        return client;
    }

    static HawserClient withContext(SSLContext context) {
        HawserClient client = HawserClient.create(o -> o.tls(t -> t.context(context)));
        return client;
    }

    static HawserClient withTheJdksTls(Path authority) {
        HawserClient client = HawserClient.create(o -> o.tls(t -> t
                .trust(authority)
                .provider(Tls.Provider.JDK)
                .protocols("TLSv1.3")));
        return client;
    }

    static String failure(HawserClient client, URI uri) {
        try (WebSocket socket = client.connect(uri)) {
            return socket.receive().text();
        } catch (ConnectFailedException failed) {
            return "no connection: " + failed.getMessage();
        }
    }
}
