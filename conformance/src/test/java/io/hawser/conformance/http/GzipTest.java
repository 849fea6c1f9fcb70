// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses are compressed, and for whom (RFC 9110, 8.4 and 12.5.3). */
@Timeout(60)
class GzipTest {
    private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(200);
    private static final String GZIP = "Accept-Encoding: gzip";

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @RegisterExtension
    static final HttpTarget plain = HttpTarget.with(o -> o.compressResponses(false));

    @TempDir
    private static Path folder;

    private static Path file;

    @BeforeAll
    static void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("dull.txt"), TEXT);
    }

    @BeforeEach
    void serve() {
        for (HttpTarget each : List.of(target, plain)) {
            each.site().route("/text", request -> Response.text(TEXT));
            each.site().route("/tagged", request -> Response.text(TEXT).withHeader("ETag", "\"v1\""));
            each.site().route("/short", request -> Response.text("hello"));
            each.site().route("/file", request -> Response.file(file));
        }
    }

    private static Response typed(String type) {
        return Response.of(200, TEXT.getBytes(StandardCharsets.UTF_8)).withHeader("Content-Type", type);
    }

    private static String unzipped(RawResponse response) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.bytes()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static RawResponse expectZipped(String path, String... lines) throws IOException {
        RawResponse response = target.expectTaken(Cut.WHOLE, get(path, lines));
        assertThat(response.headers("Content-Encoding")).as("of %s", response.head()).containsExactly("gzip");
        assertThat(response.headers("Vary")).singleElement().asString().containsIgnoringCase("Accept-Encoding");
        assertThat(response.bytes().length).isLessThan(TEXT.length());
        assertThat(unzipped(response)).isEqualTo(TEXT);
        return response;
    }

    private static RawResponse expectPlain(HttpTarget each, String path, String... lines) throws IOException {
        RawResponse response = each.expectTaken(Cut.WHOLE, get(path, lines));
        assertThat(response.headers("Content-Encoding")).as("of %s", response.head()).isEmpty();
        return response;
    }

    // ---- for whom

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "gzip", "GZIP", "gzip;q=1", "gzip;q=1.0", "gzip;q=1.000", "gzip;q=0.001", "gzip; q=0.5", "gzip ; q=0.5", "gzip;Q=0.5", "deflate, gzip", "gzip, deflate, br, zstd", "br;q=1, gzip;q=0.1", "*", "*;q=0.5", "deflate, *", "*;q=0, gzip", "identity;q=0, gzip", "identity;q=0.5, gzip", ",gzip,", "\tgzip\t"
    })
    void compressesForWhoTakesGzip(String accepted) throws IOException {
        expectZipped("/text", "Accept-Encoding: " + accepted);
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "", "identity", "deflate", "br, zstd", "gzip;q=0", "gzip;q=0.0", "gzip;q=0.000", "gzip; q=0", "gzip ;q=0", "gzip;q=0, *", "*;q=0", "*, gzip;q=0", "xgzip", "gzipx", "gzip-x", "\"gzip\"", "gz ip", "identity, gzip;q=0"
    })
    void sendsTheRestAsItIs(String accepted) throws IOException {
        RawResponse response = expectPlain(target, "/text", "Accept-Encoding: " + accepted);
        assertThat(response.body()).isEqualTo(TEXT);
        // It could have been another: caches must know.
        assertThat(response.headers("Vary")).singleElement().asString().containsIgnoringCase("Accept-Encoding");
    }

    @Tag("W1")
    @Test
    void sendsAsItIsToWhoSaysNothing() throws IOException {
        assertThat(expectPlain(target, "/text").headers("Vary")).singleElement().asString().containsIgnoringCase("Accept-Encoding");
    }

    @Tag("W1")
    @Test
    void takesTheFieldInSeveralLines() throws IOException {
        expectZipped("/text", "Accept-Encoding: br", "Accept-Encoding: gzip");
        expectPlain(target, "/text", "Accept-Encoding: *", "Accept-Encoding: gzip;q=0");
    }

    @Tag("W1")
    @Test
    void compressesNothingWhereItIsOff() throws IOException {
        for (String path : List.of("/text", "/file")) {
            RawResponse response = expectPlain(plain, path, GZIP);
            assertThat(response.body()).isEqualTo(TEXT);
            assertThat(response.headers("Vary")).isEmpty();
        }
    }

    // ---- which

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "text/plain", "text/plain; charset=utf-8", "TEXT/HTML", "text/css", "text/csv", "application/json", "application/problem+json", "application/javascript", "text/javascript", "application/xml", "application/atom+xml", "image/svg+xml"
    })
    void compressesTexts(String type) throws IOException {
        target.site().route("/typed", request -> typed(type));
        expectZipped("/typed", GZIP);
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"image/png", "image/jpeg", "application/zip", "application/octet-stream", "video/mp4", "audio/mpeg", "font/woff2", "application/pdf", "x/text"})
    void leavesWhatIsNoText(String type) throws IOException {
        target.site().route("/typed", request -> typed(type));
        assertThat(expectPlain(target, "/typed", GZIP).body()).isEqualTo(TEXT);
    }

    @Tag("W1")
    @Test
    void leavesWhatHasNoType() throws IOException {
        target.site().route("/untyped", request -> Response.of(200, TEXT.getBytes(StandardCharsets.UTF_8)));
        assertThat(expectPlain(target, "/untyped", GZIP).body()).isEqualTo(TEXT);
    }

    @Tag("W1")
    @Test
    void leavesWhatIsShort() throws IOException {
        assertThat(expectPlain(target, "/short", GZIP).body()).isEqualTo("hello");
        target.site().route("/empty", request -> Response.text(""));
        assertThat(expectPlain(target, "/empty", GZIP).body()).isEmpty();
    }

    @Tag("W1")
    @Test
    void leavesWhatHasAnEncodingAlready() throws IOException {
        target.site().route("/encoded", request -> Response.text(TEXT).withHeader("Content-Encoding", "br"));
        RawResponse response = target.expectTaken(Cut.WHOLE, get("/encoded", GZIP));
        assertThat(response.headers("Content-Encoding")).containsExactly("br");
        assertThat(response.body()).isEqualTo(TEXT);
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"no-transform", "max-age=60, no-transform", "No-Transform"})
    void leavesWhatIsNotToBeChanged(String control) throws IOException {
        target.site().route("/kept", request -> Response.text(TEXT).withHeader("Cache-Control", control));
        assertThat(expectPlain(target, "/kept", GZIP).body()).isEqualTo(TEXT);
    }

    /** Errors are texts as well. */
    @Tag("W1")
    @Test
    void compressesWhateverTheStatus() throws IOException {
        target.site().route("/lost", request -> Response.text(404, TEXT));
        RawResponse response = target.expectAnswered(Cut.WHOLE, get("/lost", GZIP), 404);
        assertThat(unzipped(response)).isEqualTo(TEXT);
    }

    @Tag("W1")
    @Test
    void addsToWhatVariesAlready() throws IOException {
        target.site().route("/varies", request -> Response.text(TEXT).withHeader("Vary", "Cookie"));
        RawResponse response = target.expectTaken(Cut.WHOLE, get("/varies", GZIP));
        assertThat(String.join(", ", response.headers("Vary"))).containsIgnoringCase("Cookie").containsIgnoringCase("Accept-Encoding");
    }

    @Tag("W1")
    @Test
    void compressesFiles() throws IOException {
        expectZipped("/file", GZIP);
        assertThat(expectPlain(target, "/file").body()).isEqualTo(TEXT);
    }

    // ---- streams

    @Tag("W1")
    @Test
    void compressesStreams() throws IOException {
        target.site().route("/stream", request -> Response.of(200, Chunks.of(TEXT.split("(?<=\n)", -1))).withHeader("Content-Type", "text/plain"));
        assertThat(expectZipped("/stream", GZIP).headers("Transfer-Encoding")).containsExactly("chunked");
        target.site().route("/known", request ->
                Response.of(200, Chunks.of(TEXT), TEXT.length()).withHeader("Content-Type", "text/plain"));
        expectZipped("/known", GZIP);
    }

    @Tag("W1")
    @Test
    void compressesStreamsForHttp10() throws IOException {
        target.site().route("/stream", request -> Response.of(200, Chunks.of(TEXT, TEXT)).withHeader("Content-Type", "text/plain"));
        try (RawClient client = target.connect()) {
            client.send(RawClient.head("GET /stream HTTP/1.0", GZIP));
            RawResponse response = client.readResponse();
            assertThat(response.headers("Transfer-Encoding")).isEmpty();
            assertThat(response.headers("Content-Encoding").isEmpty() ? response.body() : unzipped(response)).isEqualTo(TEXT + TEXT);
            client.expectEnd();
        }
    }

    /** The trailer of gzip would make what came look whole. */
    @Tag("W1")
    @Test
    void cutsACompressedStreamThatFails() throws IOException {
        target.site().route("/fails", request -> Response.of(200, Chunks.of(TEXT, TEXT).failing()).withHeader("Content-Type", "text/plain"));
        try (RawClient client = target.connect()) {
            client.send(get("/fails", GZIP));
            assertThat(client.readUntilEndOrReset()).doesNotContain("\r\n0\r\n");
        }
    }

    // ---- with HEAD, conditions and ranges

    @Tag("W1")
    @Test
    void tellsHeadOfTheEncoding() throws IOException {
        RawResponse response = target.askForHead("/text", GZIP);
        assertThat(response.headers("Content-Encoding")).containsExactly("gzip");
        assertThat(response.headers("Vary")).singleElement().asString().containsIgnoringCase("Accept-Encoding");
        // RFC 9110 8.6: none, unless it is the length of the same response to a GET
        assertThat(response.headers("Content-Length")).doesNotContain("" + TEXT.length());
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void compressesNothingWhereThereIsNoBody(int status) throws IOException {
        target.site().route("/none", request -> Response.of(status, TEXT.getBytes(StandardCharsets.UTF_8)).withHeader("Content-Type", "text/plain"));
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(get("/none", GZIP), get("/hello")));
            assertThat(client.readResponse().status()).isEqualTo(status);
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    /** RFC 9110 8.8.3.3: other bytes, so no strong tag of theirs is the same. */
    @Tag("W1")
    @Test
    void givesACompressedResponseNoStrongTagOfAnother() throws IOException {
        String plainTag = expectPlain(target, "/tagged").headers("ETag").get(0);
        String zippedTag = expectZipped("/tagged", GZIP).headers("ETag").get(0);
        assertThat(plainTag).isEqualTo("\"v1\"");
        assertThat(zippedTag).isNotEqualTo(plainTag);
        for (String tag : List.of(plainTag, zippedTag)) {
            target.expectAnswered(Cut.WHOLE, get("/tagged", GZIP, "If-None-Match: " + tag), 304);
        }
    }

    /** Ranges are of the bytes that are sent: a part of a compressed response would be another's. */
    @Tag("W1")
    @Test
    void sendsPartsAsTheyAre() throws IOException {
        RawResponse response = target.expectAnswered(Cut.WHOLE, get("/tagged", GZIP, "Range: bytes=0-1999"), 206);
        assertThat(response.headers("Content-Encoding")).isEmpty();
        assertThat(response.body()).isEqualTo(TEXT.substring(0, 2000));
    }

    @Tag("W1")
    @Test
    void leavesRequestsOfOtherMethodsTheirCompression() throws IOException {
        for (String method : List.of("POST", "PUT", "OPTIONS")) {
            assertThat(unzipped(target.expectTaken(Cut.WHOLE, request(method, "/text", GZIP)))).isEqualTo(TEXT);
        }
    }
}
