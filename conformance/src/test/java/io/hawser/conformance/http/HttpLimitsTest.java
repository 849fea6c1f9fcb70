// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.HOST;
import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.Sender;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limits of a server's options on sizes and counts, each made small. */
@Timeout(60)
class HttpLimitsTest {
    @RegisterExtension
    static final HttpTarget small =
            HttpTarget.with(o -> o.maxRequestLineBytes(40).maxHeaderBytes(200).maxHeaders(6).maxBodyBytes(10));

    @Tag("W1")
    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource
    void takesARequestLineUpToItsLimit(Cut cut) throws IOException {
        String target = "/hello?" + "x".repeat(40 - "GET /hello? HTTP/1.1".length());
        assertThat(small.expectTaken(cut, get(target)).body()).isEqualTo("hello " + target);
        small.expectRefused(cut, get(target + "x"), 414);
        small.expectRefused(cut, RawClient.head("POST " + target + " HTTP/1.1", HOST), 414);
    }

    @Tag("W1")
    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource
    void takesHeadersUpToTheirLimit(Cut cut) throws IOException {
        String filler = "X: " + "x".repeat(200 - (HOST + "\r\n").length() - "X: \r\n".length());
        small.expectTaken(cut, get("/hello", filler));
        small.expectRefused(cut, get("/hello", filler + "x"), 431);
        small.expectTaken(cut, get("/hello", "a:", "b:", "c:", "d:", "e:"));
        small.expectRefused(cut, get("/hello", "a:", "b:", "c:", "d:", "e:", "f:"), 431);
    }

    /** A limit is each request's own, not the connection's. */
    @Tag("W1")
    @Tag("hostile-11")
    @Test
    void countsEachRequestAlone() throws IOException {
        try (RawClient client = small.connect()) {
            for (int i = 0; i < 50; i++) {
                client.send(RawClient.join(post("/echo", bytes("0123456789")), get("/hello", "a:", "b:", "c:", "d:", "e:")));
                assertThat(client.readResponse().body()).isEqualTo("0123456789");
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Tag("W2")
    @ParameterizedTest
    @EnumSource
    void takesABodyUpToItsLimit(Cut cut) throws IOException {
        assertThat(small.expectTaken(cut, post("/echo", bytes("0123456789"))).body()).isEqualTo("0123456789");
        assertThat(small.expectTaken(cut, HttpTarget.chunked("/echo", "9\r\n012345678\r\n1\r\n9\r\n0\r\n\r\n")).body()).isEqualTo("0123456789");
        assertThat(small.ask(post("/echo", bytes("0123456789!"))).status()).isEqualTo(413);
        assertThat(small.ask(HttpTarget.chunked("/echo", "9\r\n012345678\r\n2\r\n9!\r\n0\r\n\r\n")).status()).isEqualTo(413);
        assertThat(small.expectTaken(cut, post("/length", new byte[100])).body()).as("in pieces").isEqualTo("100");
    }

    /** Extensions are no way around the limits: what they add is bounded by what the body has. */
    @Tag("W2")
    @Tag("W3")
    @Test
    void boundsWhatChunksAdd() throws IOException {
        String chunk = "1;" + "x".repeat(180) + "\r\n.\r\n";
        try (RawClient client = small.connect();
                Sender sender = new Sender()) {
            sender.start(() -> {
                client.send(request("POST", "/length", "Transfer-Encoding: chunked"));
                for (int i = 0; i < 100_000; i++) { // 18 MB for 100 kB
                    client.send(bytes(chunk));
                }
            });
            assertThat(client.readResponse().status()).isIn(400, 413, 431);
            client.close();
            sender.expectOver();
        }
    }
}
