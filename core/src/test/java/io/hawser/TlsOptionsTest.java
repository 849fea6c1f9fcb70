// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TlsOptionsTest {
    /** A client sets up what encrypts once for each value, and keeps it as long as the value. */
    @Test
    void areTheSameValueWithoutCertificatesEachTime() {
        Tls bare = Tls.defaults().trust(Path.of("ca.pem"));
        assertThat(bare.withoutCertificates()).isSameAs(bare);
        Tls showing = bare.certificate(Path.of("chain.pem"), Path.of("key.pem"));
        Tls without = showing.withoutCertificates();
        assertThat(without.files()).containsExactly(Path.of("ca.pem"));
        assertThat(showing.withoutCertificates()).isSameAs(without);
        assertThat(without.withoutCertificates()).isSameAs(without);
        Tls other = showing.protocols("TLSv1.3");
        assertThat(other.withoutCertificates().protocols()).as("not that of the value it was made of").containsExactly("TLSv1.3");
    }
}
