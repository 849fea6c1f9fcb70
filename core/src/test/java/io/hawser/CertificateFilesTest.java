// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

class CertificateFilesTest {
    @Test
    void saysWhyAFileCannotBeRead() {
        assertThat(CertificateFiles.reason(new NoSuchFileException("key.pem"))).isEqualTo("there is no key.pem");
        assertThat(CertificateFiles.reason(new AccessDeniedException("key.pem"))).isEqualTo("key.pem may not be read by this user");
        assertThat(CertificateFiles.reason(new GeneralSecurityException("it holds no key"))).isEqualTo("it holds no key");
        assertThat(CertificateFiles.reason(new IOException())).as("without a message").isEqualTo("java.io.IOException");
    }
}
