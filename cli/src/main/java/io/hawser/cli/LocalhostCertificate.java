// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A certificate for this machine alone, signed by itself, in a file with its key: made by the JDK's keytool, and used again until it
 * expires.
 *
 * @param keyStore the certificate and its key, in PKCS#12
 * @param pem the certificate, for those who are to trust it
 */
record LocalhostCertificate(Path keyStore, Path pem) {
    /** No secret: who can read the file has its key. */
    static final String PASSWORD = "localhost";

    private static final Duration VALID = Duration.ofDays(365);
    private static final Duration LEFT = Duration.ofDays(1);
    private static final String ALIAS = "localhost";

    /**
     * The certificate in a folder, made there if it is missing or about to expire.
     *
     * @throws UncheckedIOException if it cannot be made
     */
    static LocalhostCertificate in(Path folder) {
        LocalhostCertificate certificate =
                new LocalhostCertificate(folder.resolve("localhost.p12"), folder.resolve("localhost.pem"));
        try {
            X509Certificate shown = certificate.usable().orElse(null);
            if (shown == null) {
                certificate.make(folder);
                shown = certificate.read();
            }
            certificate.writePem(shown);
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a certificate in " + folder + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(
                    "cannot use the certificate in " + folder + ": " + e.getMessage(), new IOException(e));
        }
    }

    /** The certificate that is there, unless it expires soon. */
    private Optional<X509Certificate> usable() {
        try {
            return Optional.of(read()).filter(
                    found -> found.getNotAfter().toInstant().isAfter(Instant.now().plus(LEFT)));
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty(); // what cannot be read is made anew
        }
    }

    private X509Certificate read() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(keyStore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            if (store.isKeyEntry(ALIAS) && store.getCertificate(ALIAS) instanceof X509Certificate found) {
                return found;
            }
            throw new GeneralSecurityException(keyStore + " holds no key by the name " + ALIAS);
        }
    }

    /** Done at each start, as what lies there may be of a key store before this one. */
    private void writePem(X509Certificate shown) throws IOException, GeneralSecurityException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(shown.getEncoded());
        Files.writeString(pem, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n"); // RFC 7468 5.1
    }

    /** In a folder of its own, which others cannot enter, as keytool lets all read what it makes; from there it moves in one step. */
    private void make(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path making = Files.createTempDirectory(folder, "making");
        Path made = making.resolve(keyStore.getFileName());
        try {
            makeKeyStore(made);
            Files.move(made, keyStore, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
            Files.delete(making);
        }
    }

    private static void makeKeyStore(Path file) throws IOException {
        keytool(
                file,
                "-genkeypair",
                "-keyalg", "EC",
                "-groupname", "secp256r1",
                "-dname", "CN=localhost",
                "-ext", "SAN=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1",
                "-validity", String.valueOf(VALID.toDays()));
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static void keytool(Path file, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias", ALIAS, "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool said: " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
