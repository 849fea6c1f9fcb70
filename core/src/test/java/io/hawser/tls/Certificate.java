// SPDX-License-Identifier: Apache-2.0

package io.hawser.tls;

import io.hawser.Tls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A certificate, its key and whoever vouches for it, in files that are gone when the process ends. */
public final class Certificate {
    private static final Path FOLDER = folder();
    private static final X509Bundle AUTHORITY = build(authority());
    private static final X509Bundle STRANGER = build(authority());

    private final X509Bundle bundle;
    private final Path chain;
    private final Path key;

    private Certificate(X509Bundle bundle) {
        this.bundle = bundle;
        this.chain = file(".pem", bundle.getCertificatePathPEM());
        this.key = file("-key.pem", bundle.getPrivateKeyPEM());
    }

    /** Of an authority that {@link #trusting} trusts, for "localhost", the loopback addresses, and names that no one else looks up. */
    public static final Certificate LOCALHOST = of(builder("localhost")
            .addSanDnsName("localhost")
            .addSanDnsName("server.invalid")
            .addSanDnsName("many.test")
            .addSanIpAddress("127.0.0.1")
            .addSanIpAddress("::1"));

    /** A certificate to be, by its common name. */
    public static CertificateBuilder builder(String name) {
        return new CertificateBuilder().subject("CN=" + name).ecp256();
    }

    private static CertificateBuilder authority() {
        return builder("Test Authority").setIsCertificateAuthority(true);
    }

    /** Of the authority that is trusted. */
    public static Certificate of(CertificateBuilder builder) {
        return new Certificate(issued(builder, AUTHORITY));
    }

    /** Of an authority that nobody trusts. */
    static Certificate ofAStranger(CertificateBuilder builder) {
        return new Certificate(issued(builder, STRANGER));
    }

    /** Of its own. */
    public static Certificate selfSigned(CertificateBuilder builder) {
        return new Certificate(build(builder.setIsCertificateAuthority(true))); // else the library makes none
    }

    @SuppressWarnings("ThrowSpecificExceptions") // the library's signature
    private static X509Bundle build(CertificateBuilder builder) {
        try {
            return builder.buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Bundle issued(CertificateBuilder builder, X509Bundle issuer) {
        try {
            return builder.buildIssuedBy(issuer);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows this one. */
    public UnaryOperator<Tls> shown() {
        return tls -> tls.certificate(chain, key);
    }

    /** The certificate of the authority that {@link #trusting} trusts, in PEM. */
    public static Path authorityFile() {
        return Trust.FILE;
    }

    /** Trusts the authority of the tests, and nobody else. */
    public static UnaryOperator<Tls> trusting() {
        return tls -> tls.trust(Trust.FILE);
    }

    /** Made when it is first needed. */
    private static final class Trust {
        static final Path FILE = file("-authority.pem", AUTHORITY.getRootCertificatePEM());
    }

    static KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", AUTHORITY.getRootCertificate());
            return store;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** All of it, as the library has it. */
    public X509Bundle bundle() {
        return bundle;
    }

    /** The certificate in PEM, and whoever vouches for it. */
    public Path chain() {
        return chain;
    }

    /** Its key in PEM. */
    public Path key() {
        return key;
    }

    /** The same in PKCS#12. */
    public Path keyStore(String password) {
        Path file = file(".p12", "");
        try (OutputStream out = Files.newOutputStream(file)) {
            bundle.toKeyStore(password.toCharArray()).store(out, password.toCharArray());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    static Path file(String ending, String content) {
        try {
            return Files.writeString(Files.createTempFile(FOLDER, "certificate", ending), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("hawser-tls");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
