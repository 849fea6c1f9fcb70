// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.Response;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class HawserServerTest {
    private static void startOn(String host, int port) {
        HawserServer.start(o -> o.host(host).port(port), request -> Response.of(404)).close();
    }

    @Test
    void saysThatAHostHasNoAddress() {
        String host = "a".repeat(64) + ".invalid"; // RFC 1035 2.3.4: labels are 63 octets or less, so that nobody is asked
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> startOn(host, 0))
                .withMessage("cannot listen on " + host + ":0: the name has no address");
    }

    @Test
    void saysThatAPortIsTaken() {
        try (HawserServer first = HawserServer.start(o -> o.port(0), request -> Response.of(404))) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> startOn("127.0.0.1", first.port()))
                    .withMessageStartingWith("cannot listen on 127.0.0.1:" + first.port() + ": ")
                    .withMessageContaining("in use");
        }
    }
}
