// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Tls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates that a server shows, each to those who ask for a name in it, and read anew when their files have changed. */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final int DNS_NAME = 2; // RFC 5280 4.2.1.6
    private static final int MAX_HELLO_BYTES = 64 << 10;

    private final Tls tls;
    private final Duration handshakeTimeout;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile List<Shown> shown;
    /** What the files were when they were read last. */
    private Map<Path, String> seen;
    /** What they were when that failed last; as {@link #seen} if it did not. */
    private Map<Path, String> refused;

    private record Shown(List<String> names, SslContext context) {}

    private ServerTls(Tls tls, Duration handshakeTimeout) {
        this.tls = tls;
        this.handshakeTimeout = handshakeTimeout;
        this.seen = fingerprints();
        this.refused = seen;
        this.shown = read();
    }

    /**
     * Reads the certificates.
     *
     * @param handshakeTimeout how long TLS's handshake may take
     * @throws IllegalArgumentException if there is none, or one cannot be read
     * @throws IllegalStateException if the provider that was asked for does not work here
     */
    static ServerTls load(Tls tls, Duration handshakeTimeout) {
        return new ServerTls(tls, handshakeTimeout);
    }

    Tls.Provider provider() {
        return TlsContexts.provider(tls);
    }

    Duration reloadEvery() {
        return tls.files().isEmpty() ? Duration.ZERO : tls.reloadEvery();
    }

    /** Encrypts a channel. */
    void install(Channel channel) {
        Mapping<String, SslContext> byName = name -> select(name);
        channel.pipeline().addLast(new TlsContexts.HeldReads(), new SniHandler(byName, MAX_HELLO_BYTES, handshakeTimeout.toMillis()) {
            @Override
            protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
                return TlsContexts.prepared(super.newSslHandler(context, allocator), handshakeTimeout);
            }
        });
    }

    private SslContext select(@Nullable String name) {
        List<Shown> present = shown;
        for (Shown each : present) {
            if (name != null && each.names.stream().anyMatch(pattern -> fits(pattern, name.toLowerCase(Locale.ROOT)))) {
                return each.context;
            }
        }
        return present.get(0).context;
    }

    /** Whether a name in a certificate covers a host; {@code *} stands for one label (RFC 9525, 6.3). */
    static boolean fits(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(pattern.substring(1));
    }

    /**
     * Looks whether the files have changed, and if so shows what they hold. Where that cannot be used it says so in the log, once, and tries
     * again each time: files may be mended without a change of time or size. Blocks.
     */
    void reloadIfChanged() {
        reloading.lock();
        try {
            Map<Path, String> now = fingerprints();
            if (!now.equals(seen)) {
                reload(now);
            }
        } finally {
            reloading.unlock();
        }
    }

    private void reload(Map<Path, String> now) {
        try {
            shown = read();
            seen = now;
            refused = now;
            LOG.info("shows the certificates that {} hold now", tls.files());
        } catch (RuntimeException e) {
            if (!now.equals(refused)) {
                LOG.warn("the certificates have changed and cannot be used, those before them stay: {}", e.getMessage());
            }
            refused = now;
        }
    }

    /** What tells a file that has changed from one that has not. */
    private Map<Path, String> fingerprints() {
        Map<Path, String> all = new HashMap<>();
        for (Path file : tls.files()) {
            try {
                all.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
            } catch (IOException e) {
                all.put(file, "unreadable");
            }
        }
        return all;
    }

    private List<Shown> read() {
        List<KeyStore.PrivateKeyEntry> entries = tls.context().isPresent() ? List.of() : tls.readCertificates();
        if (entries.isEmpty()) {
            return List.of(new Shown(List.of(), TlsContexts.ofServer(tls, null)));
        }
        List<Shown> all = new ArrayList<>();
        for (KeyStore.PrivateKeyEntry entry : entries) {
            all.add(new Shown(names((X509Certificate) entry.getCertificate()), TlsContexts.ofServer(tls, entry)));
        }
        return all;
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null
                    ? List.of()
                    : alternatives.stream()
                            .filter(name -> name.get(0).equals(DNS_NAME))
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("the certificate's names cannot be read: " + e.getMessage(), e);
        }
    }
}
