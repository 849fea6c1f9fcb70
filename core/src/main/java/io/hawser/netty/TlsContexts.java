// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Tls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Turns {@link Tls} into what Netty encrypts with. */
final class TlsContexts {
    /** HTTP/1.1 is what is spoken here; whoever offers other protocols only is refused by the peer, not by us. */
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1);

    private TlsContexts() {}

    /**
     * Whose TLS is used.
     *
     * @throws IllegalStateException if the one that was asked for does not work here, or not with a context of the JDK's
     */
    static Tls.Provider provider(Tls tls) {
        boolean ready = tls.context().isPresent();
        return switch (tls.provider()) {
            case JDK -> Tls.Provider.JDK;
            case AUTO -> ready || !OpenSsl.isAvailable() ? Tls.Provider.JDK : Tls.Provider.BORING_SSL;
            case BORING_SSL -> {
                if (ready) {
                    throw new IllegalStateException("BoringSSL cannot use an SSLContext, which is the JDK's");
                }
                if (!OpenSsl.isAvailable()) {
                    throw new IllegalStateException(
                            "BoringSSL does not work here: " + OpenSsl.unavailabilityCause().getMessage(), OpenSsl.unavailabilityCause());
                }
                yield Tls.Provider.BORING_SSL;
            }
        };
    }

    /**
     * What a server shows with one of its certificates, or with a ready context.
     *
     * @throws IllegalArgumentException if there is neither, or nobody to trust who vouches for clients
     * @throws IllegalStateException if the provider that was asked for does not work here
     */
    static SslContext ofServer(Tls tls, KeyStore.@Nullable PrivateKeyEntry entry) {
        Tls.Provider provider = provider(tls);
        if (entry == null) {
            return ready(tls, tls.context().orElseThrow(() -> new IllegalArgumentException(
                    "TLS needs a certificate to show: o.tls(t -> t.certificate(chain, key))")), false);
        }
        List<X509Certificate> trusted = tls.readTrusted();
        if (tls.clientCertificate() != Tls.ClientCertificate.NOT_ASKED && trusted.isEmpty()) {
            throw new IllegalArgumentException("clientCertificate(" + tls.clientCertificate() + ") would let in whoever has a certificate of"
                    + " any public authority: name those of your clients, o.tls(t -> t.trust(file))");
        }
        SslContextBuilder builder = SslContextBuilder.forServer(entry.getPrivateKey(), chain(entry)).clientAuth(clientAuth(tls));
        return build(tls, provider, trusted, builder);
    }

    /**
     * What a client shows and checks.
     *
     * @throws IllegalArgumentException if a file cannot be read, or there are several certificates
     * @throws IllegalStateException if the provider that was asked for does not work here
     */
    static SslContext ofClient(Tls tls) {
        Tls.Provider provider = provider(tls);
        Optional<SSLContext> context = tls.context();
        if (context.isPresent()) {
            return ready(tls, context.get(), true);
        }
        SslContextBuilder builder = SslContextBuilder.forClient();
        List<KeyStore.PrivateKeyEntry> entries = tls.readCertificates();
        if (entries.size() > 1) {
            throw new IllegalArgumentException("a client shows one certificate, not " + entries.size() + ": " + tls.files());
        }
        entries.forEach(entry -> builder.keyManager(entry.getPrivateKey(), chain(entry)));
        return build(tls, provider, tls.readTrusted(), builder);
    }

    private static SslContext ready(Tls tls, SSLContext context, boolean client) {
        return new JdkSslContext(
                context,
                client,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                ALPN,
                clientAuth(tls),
                tls.protocols().toArray(String[]::new),
                false);
    }

    private static SslContext build(
            Tls tls, Tls.Provider provider, List<X509Certificate> trusted, SslContextBuilder builder) {
        if (!trusted.isEmpty()) {
            builder.trustManager(trusted);
        }
        try {
            return builder.sslProvider(provider == Tls.Provider.JDK ? SslProvider.JDK : SslProvider.OPENSSL)
                    .protocols(tls.protocols())
                    .applicationProtocolConfig(ALPN)
                    .build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("TLS cannot be set up with " + tls.files() + ": " + e.getMessage(), e);
        }
    }

    private static ClientAuth clientAuth(Tls tls) {
        return switch (tls.clientCertificate()) {
            case NOT_ASKED -> ClientAuth.NONE;
            case WANTED -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    private static X509Certificate[] chain(KeyStore.PrivateKeyEntry entry) {
        return List.of(entry.getCertificateChain()).toArray(X509Certificate[]::new);
    }

    /** Encrypts a client's channel, whose handlers so far come in front, and checks that the server is the one that was named. */
    static void install(Channel channel, SslContext context, String host, int port, Duration timeout) {
        SslHandler handler = context.newHandler(channel.alloc(), host, port);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818 3.1
        handler.engine().setSSLParameters(parameters);
        channel.pipeline().addLast(new HeldReads(), prepared(handler, timeout));
    }

    /** A handler that keeps no buffer of the loop's, and gives up in time. */
    static SslHandler prepared(SslHandler handler, Duration timeout) {
        handler.setCumulator(ReadBuffers.COPYING);
        handler.setHandshakeTimeoutMillis(Math.max(1, timeout.toMillis()));
        return handler;
    }

    /** Keeps TLS from reading on, for the rest of a record, while reading is held. */
    static final class HeldReads extends ChannelOutboundHandlerAdapter {
        @Override
        public void read(ChannelHandlerContext context) {
            if (context.channel().config().isAutoRead()) {
                context.read();
            }
        }
    }
}
