// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
            if (!certificate.isUsable()) {
                certificate.make(folder);
            }
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a certificate in " + folder + ": " + e.getMessage(), e);
        }
    }

    private boolean isUsable() {
        if (!Files.isReadable(keyStore) || !Files.isReadable(pem)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(keyStore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store.getCertificate(ALIAS) instanceof X509Certificate found
                    && found.getNotAfter().toInstant().isAfter(Instant.now().plus(LEFT));
        } catch (IOException | GeneralSecurityException e) {
            return false; // what cannot be read is made anew
        }
    }

    private void make(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(keyStore);
        keytool(
                "-genkeypair",
                "-keyalg", "EC",
                "-groupname", "secp256r1",
                "-dname", "CN=localhost",
                "-ext", "SAN=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1",
                "-validity", String.valueOf(VALID.toDays()));
        if (Files.getFileStore(keyStore).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(keyStore, PosixFilePermissions.fromString("rw-------"));
        }
        keytool("-exportcert", "-rfc", "-file", pem.toString());
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias", ALIAS, "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD));
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
