// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.HOST;
import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a connection lives (RFC 9112, 9.3 and 9.6). */
@Timeout(60)
class PersistenceTest {
    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    private static byte[] oldGet(String path, String... lines) {
        List<String> all = new ArrayList<>(List.of(HOST));
        all.addAll(List.of(lines));
        return RawClient.head("GET " + path + " HTTP/1.0", all.toArray(String[]::new));
    }

    private static void expectLast(byte[] request) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(request, bytes(HttpTarget.HIDDEN)));
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.headers("Connection")).containsExactly("close");
                client.expectEnd();
            }
        }
    }

    @Tag("W1")
    @Test
    void staysOpenUntilItIsEnded() throws IOException {
        try (RawClient client = target.connect()) {
            for (int i = 0; i < 100; i++) {
                client.send(i % 2 == 0 ? get("/hello?" + i) : post("/echo", bytes("hello /hello?" + i)));
                RawResponse response = client.readResponse();
                assertThat(response.body()).isEqualTo("hello /hello?" + i);
                assertThat(response.headers("Connection")).isEmpty();
            }
            client.endOutput();
            client.expectEnd();
        }
    }

    /** Also where a status tells of an error that is not the connection's. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 405, 409, 422, 429, 500, 503})
    void staysOpenBehindAnyStatus(int status) throws IOException {
        target.site().route("/status", request -> Response.text(status, "as you like"));
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/status"), get("/hello")));
            assertThat(client.readResponse().status()).isEqualTo(status);
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    @Tag("W1")
    @Test
    void staysOpenBehindAHandlerThatFails() throws IOException {
        target.site().route("/fails", request -> {
            throw new IllegalStateException("as the test wants it");
        });
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/fails"), get("/hello")));
            RawResponse failed = client.readResponse();
            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.toString()).doesNotContain("as the test wants it");
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    /** RFC 9110 7.6.1: options are tokens in lists, whose case doesn't count, of one field or several. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "Connection: close",
        "Connection: Close",
        "connection: CLOSE",
        "Connection: keep-alive, close",
        "Connection: close, keep-alive",
        "Connection: x,close",
        "Connection: ,close,",
        "Connection:\tclose\t",
        "Connection: x\r\nConnection: close",
        "Connection: close\r\nConnection: x",
        "Connection: keep-alive\r\nConnection: close"
    })
    void endsWhereTheClientWantsIt(String line) throws IOException {
        expectLast(get("/hello", line.split("\r\n", -1)));
        expectLast(post("/echo", bytes("hello"), line.split("\r\n", -1)));
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "Connection: keep-alive", "Connection: Keep-Alive", "Connection:", "Connection: x", "Connection: closed", "Connection: xclose", "Proxy-Connection: close", "Keep-Alive: timeout=1",
    })
    void staysOpenWhateverElseIsSaid(String line) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            target.expectTaken(cut, get("/hello", line));
        }
    }

    // ---- HTTP/1.0

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Connection: x", "Connection: close", "Connection: keep-alive, close", "Keep-Alive: timeout=5"})
    void endsBehindOneRequestOfHttp10(String line) throws IOException {
        expectLast(oldGet("/hello", line));
    }

    /** RFC 9112 9.3: "If the received protocol is HTTP/1.0, the "keep-alive" connection option is present, […] the connection will persist" */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "Keep-Alive", "x, KEEP-ALIVE"})
    void staysOpenForHttp10WhereItAsksForIt(String option) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                byte[] asking = oldGet("/hello", "Connection: " + option);
                client.send(cut, RawClient.join(asking, asking, oldGet("/hello")));
                for (int i = 0; i < 2; i++) {
                    RawResponse response = client.readResponse();
                    assertThat(response.body()).isEqualTo("hello /hello");
                    // Such a client waits for the end unless it is told.
                    assertThat(response.headers("Connection")).singleElement().asString().isEqualToIgnoringCase("keep-alive");
                }
                assertThat(client.readResponse().headers("Connection")).containsExactly("close");
                client.expectEnd();
            }
        }
    }

    @Tag("W1")
    @Test
    void takesABodyOfHttp10() throws IOException {
        byte[] request = RawClient.join(RawClient.head("POST /echo HTTP/1.0", "Content-Length: 5"), bytes("hello"));
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, request);
                assertThat(client.readResponse().body()).isEqualTo("hello");
                client.expectEnd();
            }
        }
    }

    // ---- ends

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void answersTheLastRequestBehindWhichTheClientEnds(String method) throws IOException {
        byte[] last = method.equals("GET") ? get("/hello") : post("/echo", bytes("hello /hello"));
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(get("/hello"), last));
                client.endOutput();
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
                client.expectEnd();
            }
        }
    }

    @Tag("W1")
    @Test
    void endsWithoutAWordBehindARequestThatBreaksOff() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/hello"), bytes("GET /hidden HTTP/1.1\r\nHost: a\r\n")));
            client.endOutput();
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.expectEnd();
        }
    }

    /** The response is all there before the connection ends, however large, also for a reader that is slow. */
    @Tag("W1")
    @Test
    void sendsAWholeResponseBeforeItEnds() throws IOException {
        String large = "0123456789abcdef".repeat(5 << 16);
        target.site().route("/large", request -> Response.text(large));
        try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
            client.send(get("/large", "Connection: close"));
            assertThat(client.readResponse().body().equals(large)).isTrue();
            client.expectEnd();
        }
        try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
            client.send(RawClient.join(get("/large"), bytes("nonsense\r\n\r\n")));
            assertThat(client.readResponse().body().equals(large)).isTrue();
            assertThat(client.readResponse().status()).isEqualTo(400);
            client.expectEnd();
        }
    }

    /** No reset that destroys the answer on its way: what the client still sends is taken and dropped for a while. */
    @Tag("W1")
    @Test
    void deliversTheRefusalToAClientThatGoesOnSending() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(bytes("nonsense\r\n\r\n"));
            client.send(new byte[100_000]);
            assertThat(client.readResponse().status()).isEqualTo(400);
            client.expectEnd();
        }
    }

    /** The server says no more behind "close", so that neither takes the other's silence for a fault. */
    @Tag("W1")
    @Test
    void answersNothingBehindAnErrorOfTheProtocol() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/hello"), bytes("GET /hello HTTP/1.1\r\n\r\n"), bytes(HttpTarget.HIDDEN)));
            assertThat(client.readResponse().status()).isEqualTo(200);
            RawResponse refusal = client.readResponse();
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.headers("Connection")).containsExactly("close");
            client.expectEnd();
        }
    }
}
