// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.server.HawserServer;
import io.hawser.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The demo, listening. */
public final class DemoServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final HawserServer server;

    private DemoServer(HawserServer server) {
        this.server = server;
    }

    /** Starts the demo on the transport that suits the machine; port 0 takes a free one. */
    public static DemoServer start(String host, int port) {
        return start(host, port, Transport.AUTO);
    }

    /** Starts the demo; port 0 takes a free one. */
    public static DemoServer start(String host, int port, Transport transport) {
        return start(o -> o.host(host).port(port).transport(transport));
    }

    /** Starts the demo over TLS, with a certificate for this machine that lies in a folder, or is made there. */
    public static DemoServer startOverTls(String host, int port, Transport transport, Path folder) {
        LocalhostCertificate certificate = LocalhostCertificate.in(folder);
        return start(o -> o.host(host)
                .port(port)
                .transport(transport)
                .tls(t -> t.keyStore(certificate.keyStore(), LocalhostCertificate.PASSWORD)));
    }

    private static DemoServer start(UnaryOperator<ServerOptions> options) {
        return new DemoServer(HawserServer.start(o -> options.apply(o).grace(GRACE), DemoApplication.of(new Chat(InstantSource.system()))));
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    /** How sockets are driven. */
    public Transport transport() {
        return server.transport();
    }

    /** Whose TLS is spoken, if any is. */
    public Optional<Tls.Provider> tlsProvider() {
        return server.tlsProvider();
    }

    /** Where a browser finds the page. */
    public String url() {
        String host = server.address().getAddress().getHostAddress();
        return (tlsProvider().isPresent() ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
    }

    /** Tells every connection that the server goes away, and stops within a second. */
    @Override
    public void close() {
        server.close();
    }
}
