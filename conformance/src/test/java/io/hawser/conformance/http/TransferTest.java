// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.HOST;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a response's body is sent, and where it ends (RFC 9112, 6 and 7; RFC 9110, 6.6.1 and 8.6). */
@Timeout(60)
class TransferTest {
    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @RegisterExtension
    static final HttpTarget onLoop = HttpTarget.withDefaults().onLoop();

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void route(String path, Chunks chunks) {
        target.site().route(path, request -> Response.of(200, chunks));
        onLoop.site().route(path, request -> Response.of(200, chunks));
    }

    private static byte[] oldGet(String path, String... lines) {
        return RawClient.head("GET " + path + " HTTP/1.0", lines);
    }

    // ---- streams

    @Tag("W1")
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "1, 1", "2, 5", "100, 1", "1000, 1000", "3, 1000000", "50, 65536"})
    void streamsInChunks(int count, int length) throws IOException {
        route("/stream", Chunks.of(count, i -> random(i, length)));
        byte[] whole = RawClient.join(IntStream.range(0, count).mapToObj(i -> random(i, length)).toArray(byte[][]::new));
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            RawResponse response = each.expectTaken(Cut.WHOLE, get("/stream"));
            assertThat(response.headers("Transfer-Encoding")).containsExactly("chunked");
            assertThat(Arrays.mismatch(response.bytes(), whole)).as("first difference").isEqualTo(-1);
        }
    }

    /** A chunk without bytes is the last one to whoever reads it. */
    @Tag("W1")
    @Test
    void doesNotEndAtAnEmptyChunk() throws IOException {
        route("/gaps", Chunks.of("", "hello", "", "", " world", ""));
        assertThat(target.expectTaken(Cut.WHOLE, get("/gaps")).body()).isEqualTo("hello world");
        assertThat(onLoop.expectTaken(Cut.WHOLE, get("/gaps")).body()).isEqualTo("hello world");
    }

    /** RFC 9112 6.1: "A server MUST NOT send a response containing Transfer-Encoding unless the corresponding request indicates HTTP/1.1". */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "Connection: keep-alive"})
    void streamsUntilTheEndInHttp10(String line) throws IOException {
        byte[] whole = random(1, 200_000);
        route("/stream", Chunks.of(20, i -> Arrays.copyOfRange(whole, i * 10_000, (i + 1) * 10_000)));
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(oldGet("/stream", HOST, line));
                RawResponse response = client.readResponse();
                assertThat(response.headers("Transfer-Encoding")).isEmpty();
                assertThat(response.headers("Content-Length")).isEmpty();
                assertThat(response.headers("Connection")).containsExactly("close");
                assertThat(Arrays.equals(response.bytes(), whole)).isTrue();
                client.expectEnd();
            }
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void streamsWithALengthThatIsKnown(Cut cut) throws IOException {
        target.site().route("/known", request -> Response.of(200, Chunks.of("hello", "", " world"), 11));
        RawResponse response = target.expectTaken(cut, get("/known"));
        assertThat(response.headers("Content-Length")).containsExactly("11");
        assertThat(response.headers("Transfer-Encoding")).isEmpty();
        assertThat(response.body()).isEqualTo("hello world");
        target.site().route("/none", request -> Response.of(200, Chunks.of(), 0));
        assertThat(target.expectTaken(cut, get("/none")).headers("Content-Length")).containsExactly("0");
    }

    @Tag("W1")
    @Test
    void keepsALengthInHttp10() throws IOException {
        target.site().route("/known", request -> Response.of(200, Chunks.of("hello", " world"), 11));
        try (RawClient client = target.connect()) {
            byte[] asking = oldGet("/known", "Connection: keep-alive");
            client.send(RawClient.join(asking, asking));
            assertThat(client.readResponse().body()).isEqualTo("hello world");
            assertThat(client.readResponse().body()).isEqualTo("hello world");
        }
    }

    // ---- streams that break

    /** RFC 9112 8: what ends without the last chunk is incomplete; so the client must not get one. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 100})
    void cutsAStreamThatFails(int count) throws IOException {
        route("/fails", Chunks.of(count, i -> new byte[1000]).failing());
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(RawClient.join(get("/fails"), HttpTarget.bytes(HttpTarget.HIDDEN)));
                String all = client.readUntilEndOrReset();
                assertThat(all).doesNotContain("\r\n0\r\n").doesNotContain("as the test wants it");
            }
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(longs = {6, 11, 1_000_000})
    void cutsAStreamThatIsTooShort(long announced) throws IOException {
        target.site().route("/short", request -> Response.of(200, Chunks.of("hello"), announced));
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/short"), HttpTarget.bytes(HttpTarget.HIDDEN)));
            assertThat(bodyOf(client.readUntilEndOrReset(), announced)).isIn("", "hello");
        }
    }

    /** None of what is too much passes for the beginning of the next response. */
    @Tag("W1")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5, 9})
    void cutsAStreamThatIsTooLong(long announced) throws IOException {
        target.site().route("/long", request -> Response.of(200, Chunks.of("hello", "HTTP/1.1 200 OK\r\n\r\n"), announced));
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/long"), HttpTarget.bytes(HttpTarget.HIDDEN)));
            String body = bodyOf(client.readUntilEndOrReset(), announced);
            assertThat("helloHTTP/1.1 200").startsWith(body);
            assertThat(body.length()).isLessThanOrEqualTo((int) announced);
        }
    }

    /** What came of a response's body before it was cut, perhaps with its head still unsent. */
    private static String bodyOf(String sent, long announced) {
        if (sent.isEmpty()) {
            return "";
        }
        assertThat(sent).startsWith("HTTP/1.1 200").containsIgnoringCase("\r\nContent-Length: " + announced + "\r\n");
        return sent.substring(sent.indexOf("\r\n\r\n") + 4);
    }

    @Tag("W1")
    @Test
    void tellsAStreamThatTheClientIsGone() throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            Chunks endless = Chunks.of(Integer.MAX_VALUE, i -> new byte[10_000]);
            each.site().route("/endless", request -> Response.of(200, endless));
            try (RawClient client = each.connect()) {
                client.send(get("/endless"));
                assertThat(client.readResponseHead().status()).isEqualTo(200);
                client.reset();
            }
            HttpTarget.awaiting().until(() -> endless.cancellations() == 1);
        }
    }

    /** What the client has not taken is bounded, and others are served meanwhile. */
    @Tag("W1")
    @Test
    void makesNoMoreThanTheClientTakes() throws IOException {
        Chunks endless = Chunks.of(Integer.MAX_VALUE, i -> new byte[10_000]);
        target.site().route("/endless", request -> Response.of(200, endless));
        try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
            client.send(get("/endless"));
            assertThat(client.readResponseHead().status()).isEqualTo(200);
            for (int i = 0; i < 100; i++) {
                assertThat(target.ask(get("/hello")).status()).isEqualTo(200);
            }
            // The kernel's buffers take some MiB; nobody else keeps any.
            assertThat(endless.made()).isLessThan(2000);
        }
    }

    @Tag("W1")
    @Test
    void streamsExactBytesToASlowReader() throws IOException {
        Chunks chunks = Chunks.of(300, i -> random(i, 33_333));
        route("/stream", chunks);
        byte[] whole = RawClient.join(IntStream.range(0, 300).mapToObj(i -> random(i, 33_333)).toArray(byte[][]::new));
        try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
            client.send(RawClient.join(get("/stream"), get("/hello")));
            for (int i = 0; i < 100; i++) { // while this one reads nothing
                assertThat(target.ask(get("/hello")).status()).isEqualTo(200);
            }
            assertThat(Arrays.equals(client.readResponse().bytes(), whole)).isTrue();
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    /** A response that is made of the request's body as it comes. */
    @Tag("W1")
    @Test
    void streamsTheRequestsBodyBack() throws IOException {
        target.site().route("/back", request -> Response.of(200, request.body()));
        onLoop.site().route("/back", request -> Response.of(200, request.body()));
        byte[] body = random(7, 100_000);
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            assertThat(Arrays.equals(each.expectTaken(Cut.WHOLE, post("/back", body)).bytes(), body)).isTrue();
            assertThat(each.expectTaken(Cut.BYTE_BY_BYTE, post("/back", HttpTarget.bytes("hello"))).body()).isEqualTo("hello");
        }
    }

    // ---- header fields

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "café", "日本語", "🙂🙂", "\u0000\u0001", "a\r\nb"})
    void countsTheBytesOfATextNotItsCharacters(String text) throws IOException {
        target.site().route("/text", request -> Response.text(text));
        RawResponse response = target.expectTaken(Cut.WHOLE, get("/text"));
        assertThat(response.headers("Content-Length")).containsExactly("" + text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(response.headers("Content-Type")).containsExactly("text/plain; charset=utf-8");
        assertThat(response.body()).isEqualTo(text);
    }

    /** RFC 9110 6.6.1: "An origin server with a clock MUST generate a Date header field in all 2xx (Successful), 3xx […] and 4xx". */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"/hello", "/nowhere", "/stream", "/fails"})
    void saysWhenItAnswered(String path) throws IOException {
        route("/stream", Chunks.of("hello"));
        target.site().route("/fails", request -> {
            throw new IllegalStateException("as the test wants it");
        });
        Instant before = Instant.now().minusSeconds(2);
        String date = target.ask(get(path)).headers("Date").get(0);
        // RFC 9110 5.6.7: IMF-fixdate, of which the day has two digits
        assertThat(date).matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z][a-z] \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        Instant told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        assertThat(told).isBetween(before, Instant.now().plusSeconds(2));
    }

    @Tag("W1")
    @Test
    void leavesTheDateToAnApplicationThatGivesOne() throws IOException {
        String date = "Sun, 06 Nov 1994 08:49:37 GMT";
        target.site().route("/dated", request -> Response.text("old").withHeader("Date", date));
        assertThat(target.ask(get("/dated")).headers("Date")).containsExactly(date);
    }

    @Tag("H9")
    @Test
    void sendsTheApplicationsFieldsAsTheyAre() throws IOException {
        target.site().route("/fields", request -> Response.text("hello")
                .withHeader("Set-Cookie", "a=1; Path=/")
                .withHeader("Set-Cookie", "b=2; Path=/")
                .withHeader("X-Empty", "")
                .withHeader("x-lower", "\tkept, as it is; q=1\t".strip()));
        RawResponse response = target.ask(get("/fields"));
        // RFC 9110 5.3: lines of Set-Cookie cannot be joined
        assertThat(response.headers("Set-Cookie")).containsExactly("a=1; Path=/", "b=2; Path=/");
        assertThat(response.headers("X-Empty")).containsExactly("");
        assertThat(response.headers("X-Lower")).containsExactly("kept, as it is; q=1");
    }

    /** What would end a line, or the head, cannot be in a response: the application hears of it. */
    @Tag("H10")
    @Tag("hostile-16")
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: b", "a\nb", "a\rb", "a\u0000b", "a\r\n\r\nGET /hidden", "\u0001", "\u007f"})
    void letsNoLineIntoAField(String value) throws IOException {
        target.site().route("/inject", request -> Response.text("hello").withHeader("X-Value", value));
        target.site().route("/redirect", request -> Response.redirect(value));
        for (String path : new String[] {"/inject", "/redirect"}) {
            RawResponse response = target.expectAnswered(Cut.WHOLE, get(path), 500);
            assertThat(response.headers("X")).isEmpty();
            assertThat(response.headers("X-Value")).isEmpty();
            assertThat(response.headers("Location")).isEmpty();
        }
    }
}
