// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.Response;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    @Test
    void interruptsAHandlerThatOutlivesTheGrace() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Response> interrupted = new CompletableFuture<>();
        HawserServer server = HawserServer.start(o -> o.port(0).grace(Duration.ZERO), request -> {
            asked.countDown();
            try {
                return interrupted.get();
            } catch (InterruptedException e) {
                interrupted.complete(Response.of(503));
                throw e;
            }
        });
        try (server;
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            asked.await();
            server.close();
            assertThat(interrupted.get(30, TimeUnit.SECONDS).status()).isEqualTo(503);
        }
    }
}
