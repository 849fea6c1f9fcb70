// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalhostCertificateTest {
    @TempDir
    Path folder;

    @Test
    void isMadeOnceAndMadeAnewWhenItCannotBeRead() throws Exception {
        LocalhostCertificate certificate = LocalhostCertificate.in(folder.resolve("new"));
        byte[] made = Files.readAllBytes(certificate.keyStore());
        assertThat(certificate.pem()).content().startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certificate.keyStore()))).isEqualTo("rw-------");
        assertThat(LocalhostCertificate.in(folder.resolve("new"))).isEqualTo(certificate);
        assertThat(certificate.keyStore()).as("used again").hasBinaryContent(made);
        Files.writeString(certificate.keyStore(), "no certificate");
        LocalhostCertificate.in(folder.resolve("new"));
        assertThat(Files.size(certificate.keyStore())).isGreaterThan(500);
        assertThat(folder.resolve("new")).as("nothing else is left").isDirectoryContaining("glob:**.p12")
                .isDirectoryContaining("glob:**.pem").isDirectoryNotContaining("glob:**making*");
    }

    @Test
    void namesTheCertificateThatIsShownInItsPem() throws Exception {
        LocalhostCertificate certificate = LocalhostCertificate.in(folder);
        byte[] made = Files.readAllBytes(certificate.keyStore());
        String stale = Files.readString(LocalhostCertificate.in(folder.resolve("other")).pem());
        Files.writeString(certificate.pem(), stale);
        LocalhostCertificate.in(folder);
        assertThat(certificate.keyStore()).as("used again").hasBinaryContent(made);
        KeyStore store = KeyStore.getInstance(certificate.keyStore().toFile(), LocalhostCertificate.PASSWORD.toCharArray());
        try (InputStream pem = Files.newInputStream(certificate.pem())) {
            assertThat(CertificateFactory.getInstance("X.509").generateCertificate(pem)).isEqualTo(store.getCertificate("localhost"));
        }
    }

    @Test
    void saysWhereItCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> LocalhostCertificate.in(file))
                .withMessageStartingWith("cannot make a certificate in " + file + ": ");
    }
}
