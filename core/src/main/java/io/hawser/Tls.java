// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a side speaks TLS: which certificate it shows, and whom it trusts. Immutable: each method returns a changed value, as in {@code
 * HawserServer.start(o -> o.tls(t -> t.certificate(chain, key)), app)}. A server needs a certificate; a client does not, and checks the
 * server's, with its host name, against those that the system trusts unless told otherwise.
 */
public final class Tls {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Tls DEFAULTS = new Tls();

    private List<CertificateFiles> certificates = List.of();
    private @Nullable Path trusted;
    private @Nullable SSLContext context;
    private ClientCertificate clientCertificate = ClientCertificate.NOT_ASKED;
    private List<String> protocols = List.of("TLSv1.3", "TLSv1.2");
    private Provider provider = Provider.AUTO;
    private Duration reloadEvery = Duration.ofMinutes(1);
    /** The same without certificates, once it was asked for: one value, since what encrypts is made once a value. */
    private volatile @Nullable Tls bare;

    /** Whose implementation of TLS is used. */
    public enum Provider {
        /** BoringSSL where it loads, else the JDK's. */
        AUTO("the best there is"),
        /**
         * Google's, native code that Netty brings along. Once the peer has ended its output, with a "close_notify", nothing more is sent to it:
         * RFC 8446, 6.1 would allow that.
         */
        BORING_SSL("BoringSSL"),
        /** The JDK's. */
        JDK("the JDK");

        private final String shown;

        Provider(String shown) {
            this.shown = shown;
        }

        /** For people to read. */
        @Override
        public String toString() {
            return shown;
        }
    }

    /** Whether a server asks who a client is. */
    public enum ClientCertificate {
        /** It does not. */
        NOT_ASKED,
        /** It does, and goes on with clients that show none. */
        WANTED,
        /** It does, and refuses clients that show none. */
        REQUIRED
    }

    private Tls() {}

    private Tls(Tls from) {
        certificates = from.certificates;
        trusted = from.trusted;
        context = from.context;
        clientCertificate = from.clientCertificate;
        protocols = from.protocols;
        provider = from.provider;
        reloadEvery = from.reloadEvery;
    }

    /** A changed copy. */
    private Tls with(Consumer<Tls> change) {
        Tls changed = new Tls(this);
        change.accept(changed);
        return changed;
    }

    /** The defaults, which each method below names. */
    public static Tls defaults() {
        return DEFAULTS;
    }

    /**
     * A certificate to show, from PEM files; default none. Of several, a server shows the first that holds the name that the client asks for
     * (SNI, RFC 6066, 3), or else the first of all; a client shows one, and refuses to connect with several, by an {@link
     * IllegalArgumentException}.
     *
     * @param chain the certificate, followed by those that vouch for it
     * @param key its key, in PKCS#8, not encrypted
     */
    public Tls certificate(Path chain, Path key) {
        return shown(new CertificateFiles.Pem(chain, key, null));
    }

    /** As above, with a key that is encrypted. */
    public Tls certificate(Path chain, Path key, String password) {
        return shown(new CertificateFiles.Pem(chain, key, password));
    }

    /**
     * A certificate to show, as above, from a PKCS#12 file, of which the first entry with a key is taken.
     *
     * @param password of the file and the key
     */
    public Tls keyStore(Path file, String password) {
        return shown(new CertificateFiles.Pkcs12(file, password));
    }

    private Tls shown(CertificateFiles more) {
        List<CertificateFiles> all = new ArrayList<>(certificates);
        all.add(more);
        return with(o -> o.certificates = List.copyOf(all));
    }

    /** The same without the certificates to show; a context of the application's own stays. One value, however often it is asked for. */
    public Tls withoutCertificates() {
        if (certificates.isEmpty()) {
            return this;
        }
        Tls known = bare;
        if (known == null) { // for two threads at once: either's will do
            known = with(o -> o.certificates = List.of());
            bare = known;
        }
        return known;
    }

    /** The certificates to trust, from a PEM file, in place of those that the system trusts, which are the default. */
    public Tls trust(Path file) {
        return with(o -> o.trusted = file);
    }

    /**
     * A context of the application's own, in place of certificates and trust given here; default none. It is used as it is, by the JDK's TLS;
     * a client checks host names with it all the same.
     */
    public Tls context(SSLContext ready) {
        return with(o -> o.context = ready);
    }

    /**
     * Whether a server asks clients for a certificate; default {@link ClientCertificate#NOT_ASKED}. {@link Connection#principal} tells whose it
     * was. A server that asks has to be told whom to trust, by {@link #trust(Path)} or a {@link #context(SSLContext)}: those that the system
     * trusts vouch for anybody. Without, it refuses to start, by an {@link IllegalArgumentException}.
     */
    public Tls clientCertificate(ClientCertificate demand) {
        return with(o -> o.clientCertificate = demand);
    }

    /**
     * The versions to speak; default TLSv1.3 and TLSv1.2.
     *
     * @throws IllegalArgumentException if there is none, or another than these: older ones are not safe (RFC 8996)
     */
    public Tls protocols(String... versions) {
        for (String version : versions) {
            require(DEFAULTS.protocols.contains(version), "protocols must be TLSv1.3 or TLSv1.2, not " + version);
        }
        require(versions.length > 0, "protocols must name at least one of TLSv1.3 and TLSv1.2");
        return with(o -> o.protocols = List.of(versions));
    }

    /**
     * Whose implementation is used; default {@link Provider#AUTO}. One that does not work here is an {@link IllegalStateException} where a
     * server starts, or a client first connects by it.
     */
    public Tls provider(Provider chosen) {
        return with(o -> o.provider = chosen);
    }

    /**
     * How often a server looks whether its files have changed, and shows the new certificates to those who connect from then on; zero or more,
     * where zero turns that off, and a year at most; default 1 min. Files that cannot be read, or do not belong together yet, are named in the
     * log, and the certificates before them stay in use.
     *
     * @throws IllegalArgumentException if it is negative or more than a year
     */
    public Tls reloadEvery(Duration time) {
        require(!time.isNegative() && time.compareTo(YEAR) <= 0, "reloadEvery must be zero to 365 days: " + time);
        return with(o -> o.reloadEvery = time);
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * The keys and certificates that the files hold now.
     *
     * @throws IllegalArgumentException if one cannot be read, or a key is not that of its certificate; the message says which, and why
     */
    public List<KeyStore.PrivateKeyEntry> readCertificates() {
        return certificates.stream().map(CertificateFiles::read).toList();
    }

    /**
     * The certificates to trust that the file holds now; empty for those of the system.
     *
     * @throws IllegalArgumentException if it cannot be read; the message says why
     */
    public List<X509Certificate> readTrusted() {
        return trusted == null ? List.of() : CertificateFiles.certificates(trusted);
    }

    /** All files that are read. */
    public List<Path> files() {
        List<Path> all = new ArrayList<>();
        certificates.forEach(each -> all.addAll(each.files()));
        if (trusted != null) {
            all.add(trusted);
        }
        return all;
    }

    /** See {@link #context(SSLContext)}. */
    public Optional<SSLContext> context() {
        return Optional.ofNullable(context);
    }

    /** See {@link #clientCertificate(ClientCertificate)}. */
    public ClientCertificate clientCertificate() {
        return clientCertificate;
    }

    /** See {@link #protocols(String...)}. */
    public List<String> protocols() {
        return protocols;
    }

    /** See {@link #provider(Provider)}. */
    public Provider provider() {
        return provider;
    }

    /** See {@link #reloadEvery(Duration)}. */
    public Duration reloadEvery() {
        return reloadEvery;
    }
}
