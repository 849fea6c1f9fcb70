// SPDX-License-Identifier: Apache-2.0

package io.hawser.tls;

import io.hawser.Tls;
import io.hawser.client.ConnectOptions;
import io.hawser.server.ServerOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the tests of a run speak: TLS by the provider that the system property {@code hawser.tls} names, or, without it, nothing but TCP. The
 * build runs those over sockets once each way.
 */
public final class Encryption {
    private static final Optional<Tls.Provider> PROVIDER =
            Optional.ofNullable(System.getProperty("hawser.tls")).map(Tls.Provider::valueOf);

    private Encryption() {}

    /** Whether it is TLS. */
    public static boolean isOn() {
        return PROVIDER.isPresent();
    }

    /** Options of a server that speaks it. */
    public static ServerOptions of(ServerOptions options) {
        return PROVIDER.map(provider -> options.tls(t -> Certificate.LOCALHOST.shown().apply(t).provider(provider)))
                .orElse(options);
    }

    /** Options of a client that speaks it. */
    public static ConnectOptions of(ConnectOptions options) {
        return PROVIDER.map(provider -> options.tls(t -> Certificate.trusting().apply(t).provider(provider))).orElse(options);
    }

    /** How a client encrypts, if it does. */
    public static Optional<Tls> ofClient() {
        return PROVIDER.map(provider -> Certificate.trusting().apply(Tls.defaults()).provider(provider));
    }

    /** The provider, and where the server's certificate and its key lie, for {@link #asTold} in another process. */
    public static String[] forAnotherProcess() {
        return PROVIDER.map(provider -> new String[] {
                    provider.name(), Certificate.LOCALHOST.chain().toString(), Certificate.LOCALHOST.key().toString()
                })
                .orElseGet(() -> new String[0]);
    }

    /** Options of a server, in a process that was told so by another. */
    public static ServerOptions asTold(ServerOptions options, String... told) {
        return told.length == 0
                ? options
                : options.tls(t -> t.provider(Tls.Provider.valueOf(told[0])).certificate(Path.of(told[1]), Path.of(told[2])));
    }

    /** The scheme of URIs. */
    public static String scheme() {
        return isOn() ? "wss" : "ws";
    }

    /** A server's side of a connection that has been accepted. */
    public static Socket accepted(Socket tcp) throws IOException {
        if (!isOn()) {
            return tcp;
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(Certificate.LOCALHOST.bundle().toKeyManagerFactory().getKeyManagers(), null, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, null, tcp.getPort(), true);
            socket.setUseClientMode(false);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection that speaks it, over one that is open. */
    public static Socket over(Socket tcp) throws IOException {
        if (PROVIDER.isEmpty()) {
            return tcp;
        }
        SSLSocket socket = (SSLSocket) factory().createSocket(tcp, "localhost", tcp.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    /**
     * Ends the output and keeps the input, as far as that is possible: Netty's BoringSSL sends nothing more once the peer has ended TLS's
     * output, so it is TCP's that ends.
     */
    public static void endOutput(Socket tcp, Socket over) throws IOException {
        if (PROVIDER.equals(Optional.of(Tls.Provider.BORING_SSL))) {
            tcp.shutdownOutput();
        } else {
            over.shutdownOutput();
        }
    }

    /** The origin of a page that came the same way, from one of a page that came in the clear. */
    public static String origin(String inTheClear) {
        return PROVIDER.isEmpty()
                ? inTheClear
                : inTheClear.replaceFirst("^http:", "https:").replaceFirst("^HTTP:", "HTTPS:").replaceFirst(":80$", ":443");
    }

    /** The JDK's TLS, trusting the tests' authority. */
    public static SSLContext trusting() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(Certificate.trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static SSLSocketFactory factory() {
        return trusting().getSocketFactory();
    }
}
