// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Heads of requests that are too large, too slow, or that two readers may understand in two ways. Needs sockets, also for its deadline: in
 * memory a request comes whole, and nobody parses it.
 */
@Timeout(60)
class HostileHeadTest {
    private static final int LINE_BYTES = 8 << 10;
    private static final int HEADER_BYTES = 16 << 10;
    private static final int HEADERS = 100;
    private static final String HELLO = "GET /hello HTTP/1.1\r\n";
    private static final String HOST = "Host: a\r\n";
    private static final byte[] NEXT = RawClient.head("GET /hello?next HTTP/1.1", "Host: a");

    @RegisterExtension
    static final Target target = Target.with(o -> o.handshakeTimeout(Duration.ofMillis(900)));

    @BeforeAll
    static void readBodies() {
        target.app().route("/read", request -> Response.text(200, request.bodyText()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Asserts that a head is refused and the connection closed: the request behind it is not answered. */
    private static RawResponse expectRefused(Cut cut, int status, String head) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.join(bytes(head), NEXT));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s to %s", response, head).isEqualTo(status);
            assertThat(response.headers("Connection")).containsExactly("close");
            client.expectEnd();
            return response;
        }
    }

    /** Asserts that a head is taken, and that the connection goes on with the request behind it. */
    private static RawResponse expectTaken(Cut cut, String head) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.join(bytes(head), NEXT));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isEqualTo(200);
            assertThat(client.readResponse().body()).isEqualTo("hello /hello?next");
            return response;
        }
    }

    @Tag("hostile-13")
    @Tag("W3")
    @ParameterizedTest
    @MethodSource("malformedLines")
    void refusesMalformedLines(String head) throws IOException {
        for (Cut cut : Cut.values()) {
            expectRefused(cut, 400, head);
        }
    }

    private static Stream<String> malformedLines() {
        return Stream.of(
                        "GET /hello HTTP/1.1\nHost: a\r\n\r\n",
                        HELLO + "Host: a\n\r\n",
                        HELLO + HOST + "\n",
                        "GET /hello HTTP/1.1\rHost: a\r\n\r\n",
                        "GET /hello HTTP/1.1\r\r\nHost: a\r\n\r\n",
                        HELLO + "Host: a\r\r\n\r\n",
                        HELLO + "Host: a\rX: b\r\n\r\n",
                        HELLO + HOST + "\r\r\n",
                        HELLO + HOST + "X: a\0b\r\n\r\n",
                        HELLO + HOST + "X: a\u0001b\r\n\r\n",
                        HELLO + HOST + "X: a\u007fb\r\n\r\n",
                        HELLO + HOST + "X: a\fb\r\n\r\n",
                        HELLO + HOST + "X: a\u000bb\r\n\r\n",
                        HELLO + HOST + "X\0: a\r\n\r\n",
                        HELLO + HOST + " folded: b\r\n\r\n",
                        HELLO + HOST + "\tfolded\r\n\r\n",
                        HELLO + " Host: a\r\n\r\n",
                        HELLO + HOST + "X: a\r\n \r\n\r\n",
                        HELLO + "Host : a\r\n\r\n",
                        HELLO + "Host\t: a\r\n\r\n",
                        HELLO + HOST + "X y: a\r\n\r\n",
                        HELLO + HOST + "X\u00e9: a\r\n\r\n",
                        HELLO + HOST + "X(y): a\r\n\r\n",
                        HELLO + HOST + ": a\r\n\r\n",
                        HELLO + HOST + "no colon\r\n\r\n",
                        HELLO + HOST + "Content-Length\r\n\r\n")
                .map(head -> head);
    }

    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {
        "\r\nGET /hello HTTP/1.1",
        "\nGET /hello HTTP/1.1",
        " GET /hello HTTP/1.1",
        "GET  /hello HTTP/1.1",
        "GET /hello  HTTP/1.1",
        "GET /hello HTTP/1.1 ",
        "GET\t/hello HTTP/1.1",
        "GET /hello\tHTTP/1.1",
        "GET /hel lo HTTP/1.1",
        "GET /hel\u0000lo HTTP/1.1",
        "GET /hel\u00e9lo HTTP/1.1",
        "GET /hello#there HTTP/1.1",
        "GET hello HTTP/1.1",
        "GET  HTTP/1.1",
        "GET /hello",
        "GET",
        "G@T /hello HTTP/1.1",
        "G\u00c9T /hello HTTP/1.1",
        "GET /hello http/1.1",
        "GET /hello HTTP/1.10",
        "GET /hello HTTP/1",
        "GET /hello HTTP/11",
        "GET /hello HTTP/+1.1",
        "GET /hello HTTP/1.1\u00a0",
        "GET /hello HTTPS/1.1",
        "GET /hello ICE/1.0"
    })
    void refusesMalformedRequestLines(String line) throws IOException {
        for (Cut cut : Cut.values()) {
            expectRefused(cut, 400, line + "\r\n" + HOST + "\r\n");
        }
    }

    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9"})
    void speaksNoOtherVersion(String version) throws IOException {
        for (Cut cut : Cut.values()) {
            expectRefused(cut, 505, "GET /hello " + version + "\r\n" + HOST + "\r\n");
        }
    }

    /** The beginning of an HTTP/2 connection whose client didn't ask. */
    @Tag("hostile-13")
    @ParameterizedTest
    @EnumSource
    void refusesHttp2WithPriorKnowledge(Cut cut) throws IOException {
        expectRefused(cut, 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    }

    @Tag("hostile-14")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "Host: a\r\nHost: a\r\n",
        "Host: a\r\nhost: b\r\n",
        "Host: a, b\r\n",
        "Host: a b\r\n",
        "Host: a/b\r\n",
        "Host: user@a\r\n",
        "Host: a?b\r\n",
        "Host: a#b\r\n",
        "Host: a\\b\r\n",
        "Host: a\"b\r\n",
        "Host: \u00e9\r\n",
        "Host: http://a\r\n",
        "Host: a:b\r\n",
        "Host: a:1:2\r\n",
        "Host: [::1\r\n",
        "Host: ::1\r\n",
        "Host: []:80\r\n"
    })
    void wantsOneHost(String lines) throws IOException {
        for (Cut cut : Cut.values()) {
            expectRefused(cut, 400, HELLO + lines + "\r\n");
        }
    }

    @Tag("H1")
    @ParameterizedTest
    @ValueSource(strings = {"a", "a:80", "127.0.0.1:8080", "[::1]", "[::1]:8080", "a.b-c_d", "xn--bcher-kva.a", ""})
    void takesEveryRightHost(String host) throws IOException {
        expectTaken(Cut.WHOLE, HELLO + "Host: " + host + "\r\n\r\n");
        expectTaken(Cut.BYTE_BY_BYTE, HELLO + "Host:\t" + host + " \t\r\n\r\n");
    }

    @Tag("hostile-14")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 0\r\ncontent-length: 43\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 5,6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: -0\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 5 5\r\n",
        "Content-Length: 5.0\r\n",
        "Content-Length: five\r\n",
        "Content-Length:\r\n",
        "Content-Length: \u00b2\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 18446744073709551621\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chunked;a=b\r\n",
        "Transfer-Encoding:\r\n",
        "Transfer-Encoding: ,chunked\r\n"
    })
    void refusesTwoWaysToTellTheLength(String lines) throws IOException {
        for (Cut cut : Cut.values()) {
            expectRefused(cut, 400, "POST /hello HTTP/1.1\r\n" + HOST + lines + "\r\n");
        }
    }

    @Tag("hostile-14")
    @Test
    void refusesChunksInHttp10() throws IOException {
        String rest = HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        expectRefused(Cut.WHOLE, 400, "POST /hello HTTP/1.0\r\n" + rest);
    }

    @Tag("hostile-14")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "-1", "0x5", "", " ", ";a", "5 5", "fffffffffffffffff"})
    void refusesABadChunkSize(String size) throws IOException {
        for (Cut cut : Cut.values()) {
            expectRefused(cut, 400, "POST /read HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n");
        }
    }

    /** Whether or not it is read: what stands in a body is never taken for a request, and what stands behind it is. */
    @Tag("hostile-14")
    @Tag("W2")
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 39\r\n\r\nGET /hello?within HTTP/1.1\r\nHost: a\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nA;name=value\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\nX: y\r\n\r\n",
        "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n"
    })
    void goesOnBehindABody(String rest) throws IOException {
        for (Cut cut : Cut.values()) {
            expectTaken(cut, "POST /hello HTTP/1.1\r\n" + HOST + rest);
            expectTaken(cut, "POST /read HTTP/1.1\r\n" + HOST + rest);
        }
    }

    @Tag("hostile-10")
    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"})
    void refusesAHeaderOfBlanksAndCommas(String name) throws IOException {
        for (String unit : List.of(" ", ",", ", ", "\t", ",a", ";", "a;", "\"")) {
            String value = unit.repeat((64 << 10) / unit.length());
            String head = new String(RawClient.upgrade("/streams", name + ": " + value), StandardCharsets.ISO_8859_1);
            expectRefused(Cut.WHOLE, 431, head);
            expectRefused(Cut.SEED_300, 431, head);
        }
    }

    /** As much of it as passes the limit of headers. */
    @Tag("hostile-10")
    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol: ", "Sec-WebSocket-Extensions: "})
    void refusesAHeaderOfBlanksAndCommasWithinTheLimit(String name) throws IOException {
        for (String unit : List.of(" ", ",", ", ", "\t", ";", "a;", "\"", "\\")) {
            try (RawClient client = target.connect()) {
                client.send(RawClient.upgrade("/streams", name + unit.repeat(15_000 / unit.length()) + "\"x"));
                assertThat(client.readResponse().status()).as("of '%s'", unit).isEqualTo(400);
            }
        }
    }

    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource
    void refuses2000Headers(Cut cut) throws IOException {
        String headers = IntStream.range(0, 2000).mapToObj(i -> "a:\r\n").reduce("", String::concat);
        expectRefused(cut, 431, HELLO + HOST + headers + "\r\n");
    }

    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource
    void takesAsManyHeadersAsAllowed(Cut cut) throws IOException {
        String allowed = HOST + "a:\r\n".repeat(HEADERS - 1);
        expectTaken(cut, HELLO + allowed + "\r\n");
        expectRefused(cut, 431, HELLO + allowed + "a:\r\n\r\n");
    }

    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "SEED_1", "SEED_20", "SEED_300"})
    void takesHeadersAsLargeAsAllowed(Cut cut) throws IOException {
        String name = "Filler: ";
        String filler = "x".repeat(HEADER_BYTES - HOST.length() - name.length() - 2);
        expectTaken(cut, HELLO + HOST + name + filler + "\r\n\r\n");
        expectRefused(cut, 431, HELLO + HOST + name + filler + "x\r\n\r\n");
    }

    @Tag("hostile-11")
    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "SEED_1", "SEED_20", "SEED_300"})
    void takesARequestLineAsLongAsAllowed(Cut cut) throws IOException {
        String target = "/hello?" + "x".repeat(LINE_BYTES - "GET /hello? HTTP/1.1".length());
        RawResponse response = expectTaken(cut, "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(response.body()).isEqualTo("hello " + target);
        expectRefused(cut, 414, "GET " + target + "x HTTP/1.1\r\n" + HOST + "\r\n");
        expectRefused(cut, 414, "x".repeat(LINE_BYTES + 1));
    }

    @Tag("hostile-11")
    @Test
    void answersAnEndlessHeaderWhileItIsBeingSent() throws Exception {
        try (RawClient client = target.connect();
                ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            client.send(bytes(HELLO + HOST + "Endless: "));
            Future<?> sending = sender.submit(() -> {
                byte[] one = {'x'};
                for (int i = 0; i < 20 << 20; i++) {
                    client.send(one);
                }
                return null;
            });
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(431);
            assertThat(client.readRest()).isEmpty();
            client.close();
            assertThat(sending)
                    .failsWithin(Target.HANG_GUARD)
                    .withThrowableThat()
                    .withCauseInstanceOf(SocketException.class);
        }
    }

    @Tag("hostile-12")
    @ParameterizedTest
    @ValueSource(strings = {"", "G", "GET /hello HTTP/1.1\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\n\r"})
    void closesAConnectionWhoseHeadStalls(String begun) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(bytes(begun));
            assertThat(client.readRest()).isEmpty();
        }
    }

    @Tag("hostile-12")
    @Test
    void closesAConnectionWhoseNextHeadStalls() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(NEXT, bytes("GET /hel")));
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.readRest()).isEmpty();
        }
    }

    /** Every byte is progress, and none of them moves the deadline. */
    @Tag("hostile-12")
    @Test
    void closesAConnectionWhoseHeadDrips() throws Exception {
        try (RawClient client = target.connect();
                ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            client.send(bytes(HELLO + HOST + "Drip: "));
            Future<?> dripping = sender.submit(() -> {
                byte[] one = {'x'};
                // Slowly enough to stay below every limit until the server ends the connection.
                while (true) {
                    Target.awaiting().pollDelay(Duration.ofMillis(20)).until(() -> true);
                    client.send(one);
                }
            });
            assertThat(client.readUntilEndOrReset()).isEmpty();
            assertThat(dripping).failsWithin(Target.HANG_GUARD);
        }
    }

    @Tag("H1")
    @ParameterizedTest
    @EnumSource
    void takesATargetInAbsoluteForm(Cut cut) throws IOException {
        // RFC 9112 3.2.2: "a server MUST accept the absolute-form in requests"
        expectTaken(cut, "GET http://a/hello HTTP/1.1\r\n" + HOST + "\r\n");
        // and "MUST ignore the received Host header field (if any) and instead use the host information of the
        // request-target"; two that differ are smuggling, so nothing is taken.
        expectRefused(cut, 400, "GET http://b/hello HTTP/1.1\r\n" + HOST + "\r\n");
    }
}
