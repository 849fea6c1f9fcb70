// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of what there is (RFC 9110, 14), of texts and of files alike; and files as a whole. */
@Timeout(60)
class RangeTest {
    private static final String DIGITS = "0123456789";
    private static final String CHANGED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final List<String> PATHS = List.of("/text", "/file");

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @TempDir
    private static Path folder;

    private static Path file;

    @BeforeAll
    static void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("digits.txt"), DIGITS);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37Z")));
    }

    @BeforeEach
    void serve() {
        target.site().route("/text", request -> Response.text(DIGITS).withHeader("ETag", "\"v1\"").withHeader("Last-Modified", CHANGED));
        target.site().route("/weak", request -> Response.text(DIGITS).withHeader("ETag", "W/\"v1\""));
        target.site().route("/plain", request -> Response.text(DIGITS));
        target.site().route("/file", request -> Response.file(file));
    }

    private static RawResponse expect(int status, String path, String... lines) throws IOException {
        RawResponse response = target.expectAnswered(Cut.WHOLE, get(path, lines), status);
        if (status == 200) {
            assertThat(response.body()).isEqualTo(DIGITS);
            assertThat(response.headers("Content-Range")).isEmpty();
        }
        return response;
    }

    @Tag("W1")
    @ParameterizedTest
    @CsvSource({
        "0-0, 0, 0-0",
        "0-4, 01234, 0-4",
        "3-3, 3, 3-3",
        "5-9, 56789, 5-9",
        "0-9, 0123456789, 0-9",
        "5-, 56789, 5-9",
        "0-, 0123456789, 0-9",
        "9-, 9, 9-9",
        "-1, 9, 9-9",
        "-5, 56789, 5-9",
        "-10, 0123456789, 0-9",
        "-100, 0123456789, 0-9",
        "5-100, 56789, 5-9",
        "5-99999999999999999999, 56789, 5-9",
        "000-004, 01234, 0-4"
    })
    void sendsOnePart(String range, String part, String told) throws IOException {
        for (String path : PATHS) {
            for (String unit : List.of("bytes=", "Bytes=")) { // RFC 9110 14.1: range unit names are case-insensitive
                RawResponse response = expect(206, path, "Range: " + unit + range);
                assertThat(response.body()).isEqualTo(part);
                assertThat(response.headers("Content-Range")).containsExactly("bytes " + told + "/10");
                assertThat(response.headers("Content-Length")).containsExactly("" + part.length());
                assertThat(response.headers("ETag")).hasSize(1);
                assertThat(response.headers("Content-Type")).singleElement().asString().startsWith("text/plain");
            }
        }
    }

    /** RFC 9110 14.2: what is no range of a known unit is ignored, not refused. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-a", "bytes=5", "bytes=5-4", "bytes=--5", "bytes=-5-", "bytes=+5-6", "bytes=0x5-6", "bytes 0-4", "bytes=0-4;5-6", "lines=0-4", "=0-4", "0-4", "bytes=0-1,x", "bytes=0-1,5-4", "bytes:0-4"
    })
    void ignoresWhatIsNoRange(String range) throws IOException {
        for (String path : PATHS) {
            expect(200, path, "Range: " + range);
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"10-", "10-10", "100-200", "99999999999999999999-", "-0", "10-,11-"})
    void refusesRangesBehindTheEnd(String range) throws IOException {
        for (String path : PATHS) {
            RawResponse response = expect(416, path, "Range: bytes=" + range);
            assertThat(response.headers("Content-Range")).containsExactly("bytes */10");
        }
    }

    /** RFC 9110 14.6, each part with its own Content-Range. */
    @Tag("W1")
    @ParameterizedTest
    @CsvSource({"'0-1,5-6', 01 56", "'0-0, 2-2 ,4-4', 0 2 4", "'0-1,-2', 01 89", "'8-,0-1', 89 01", "'0-1,100-', 01"})
    void sendsSeveralParts(String ranges, String parts) throws IOException {
        for (String path : PATHS) {
            RawResponse response = expect(206, path, "Range: bytes=" + ranges);
            String type = response.headers("Content-Type").get(0);
            if (!type.startsWith("multipart/byteranges; boundary=")) {
                assertThat(response.body()).as("the only one that there is").isEqualTo(parts);
                continue;
            }
            assertThat(response.headers("Content-Range")).isEmpty();
            String boundary = type.substring(type.indexOf('=') + 1).replace("\"", "");
            String all = "\r\n" + response.body();
            assertThat(all.strip()).endsWith("--" + boundary + "--");
            String[] sent = all.substring(0, all.indexOf("\r\n--" + boundary + "--")).split("\r\n--" + boundary + "\r\n", -1);
            assertThat(sent[0]).isEmpty();
            String data = Arrays.stream(sent).skip(1).map(part -> part.substring(part.indexOf("\r\n\r\n") + 4)).collect(Collectors.joining(" "));
            assertThat(data).isEqualTo(parts);
            for (int i = 1; i < sent.length; i++) {
                String each = data.split(" ", -1)[i - 1];
                String told = each.charAt(0) + "-" + each.charAt(each.length() - 1);
                assertThat(sent[i]).containsIgnoringCase("Content-Range: bytes " + told + "/10\r\n").containsIgnoringCase("Content-Type: text/plain");
            }
        }
    }

    /** RFC 9110 14.2 lets a server ignore them: many small ones cost more than the whole, and overlapping ones as much as the client likes. */
    @Tag("W1")
    @Test
    void sendsTheWholeWherePartsWouldCostMore() throws IOException {
        String overlapping = "bytes=" + "0-,".repeat(500) + "0-";
        String many = "bytes=" + IntStream.range(0, 500).mapToObj(i -> i % 5 * 2 + "-" + i % 5 * 2).collect(Collectors.joining(","));
        for (String path : PATHS) {
            for (String range : List.of(overlapping, many, "bytes=0-5,3-9,2-4")) {
                RawResponse response = target.expectAnswered(Cut.WHOLE, get(path, "Range: " + range), 200);
                assertThat(response.body()).isEqualTo(DIGITS);
            }
        }
    }

    // ---- If-Range

    @Tag("W1")
    @Test
    void sendsAPartOfWhatTheClientHasTheRestOf() throws IOException {
        String tag = target.ask(get("/file")).headers("ETag").get(0);
        expect(206, "/text", "Range: bytes=5-", "If-Range: \"v1\"");
        expect(206, "/file", "Range: bytes=5-", "If-Range: " + tag);
        expect(206, "/text", "Range: bytes=5-", "If-Range: " + CHANGED);
        expect(206, "/file", "Range: bytes=5-", "If-Range: " + CHANGED);
    }

    /** RFC 9110 13.1.5: strong comparison, and the exact date; else the whole. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"\"v2\"", "W/\"v1\"", "\"v1", "v1", "Sun, 06 Nov 1994 08:49:38 GMT", "Sun, 06 Nov 1994 08:49:36 GMT", "*", "nonsense"})
    void sendsTheWholeToAClientThatHasAnother(String condition) throws IOException {
        for (String path : PATHS) {
            expect(200, path, "Range: bytes=5-", "If-Range: " + condition);
        }
        expect(200, "/weak", "Range: bytes=5-", "If-Range: W/\"v1\"");
    }

    // ---- where it means nothing

    /** RFC 9110 14.2: "A server MUST ignore a Range header field received with a request method that is unrecognized or for which range handling is not defined." */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
    void ignoresRangesOfOtherMethods(String method) throws IOException {
        for (String path : PATHS) {
            try (RawClient client = target.connect()) {
                client.send(RawClient.join(request(method, path, "Range: bytes=0-1"), get("/hello")));
                RawResponse response = method.equals("HEAD") ? client.readResponseHead() : client.readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.headers("Content-Length")).containsExactly("10");
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
            }
        }
    }

    @Tag("W1")
    @Test
    void ignoresRangesOfWhatMayChangeUnnoticed() throws IOException {
        expect(200, "/plain", "Range: bytes=0-1");
    }

    /** The condition comes first (RFC 9110, 13.2.2). */
    @Tag("W1")
    @Test
    void asksTheConditionFirst() throws IOException {
        expect(304, "/text", "Range: bytes=0-1", "If-None-Match: \"v1\"");
        expect(412, "/text", "Range: bytes=0-1", "If-Match: \"v2\"");
        expect(206, "/text", "Range: bytes=0-1", "If-None-Match: \"v2\"");
        expect(412, "/text", "Range: bytes=100-", "If-Match: \"v2\"");
    }

    @Tag("W1")
    @Test
    void saysThatRangesAreTaken() throws IOException {
        assertThat(expect(200, "/file").headers("Accept-Ranges")).containsExactly("bytes");
        assertThat(target.askForHead("/file").headers("Accept-Ranges")).containsExactly("bytes");
    }

    // ---- files

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 65_536, 1_000_003, 10 << 20})
    void sendsAFileOfAnySize(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path large = Files.write(folder.resolve("file-" + size + ".bin"), bytes);
        target.site().route("/large", request -> Response.file(large));
        RawResponse response = target.expectTaken(Cut.WHOLE, get("/large"));
        assertThat(response.headers("Content-Length")).containsExactly("" + size);
        assertThat(Arrays.equals(response.bytes(), bytes)).isTrue();
        assertThat(target.askForHead("/large").headers("Content-Length")).containsExactly("" + size);
        if (size > 100) {
            RawResponse part = target.expectAnswered(Cut.WHOLE, get("/large", "Range: bytes=77-"), 206);
            assertThat(Arrays.equals(part.bytes(), Arrays.copyOfRange(bytes, 77, size))).isTrue();
        }
    }

    @Tag("W1")
    @Test
    void sendsAFileToASlowReader() throws IOException {
        byte[] bytes = new byte[5 << 20];
        new Random(5).nextBytes(bytes);
        Path large = Files.write(folder.resolve("slow.bin"), bytes);
        target.site().route("/slow", request -> Response.file(large));
        try (RawClient client = RawClient.connect(target.port(), 16 << 10)) {
            client.send(RawClient.join(get("/slow"), get("/slow", "Range: bytes=-1000000"), get("/hello")));
            for (int i = 0; i < 50; i++) { // while this one reads nothing
                assertThat(target.ask(get("/hello")).status()).isEqualTo(200);
            }
            assertThat(Arrays.equals(client.readResponse().bytes(), bytes)).isTrue();
            assertThat(Arrays.equals(client.readResponse().bytes(), Arrays.copyOfRange(bytes, bytes.length - 1_000_000, bytes.length))).isTrue();
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    @Tag("W1")
    @Test
    void answersForFilesThatAreNone() throws IOException {
        target.site().route("/none", request -> Response.file(folder.resolve("nothing-here.txt")));
        target.site().route("/folder", request -> Response.file(folder));
        for (String path : List.of("/none", "/folder")) {
            RawResponse response = target.expectAnswered(Cut.WHOLE, get(path), 500);
            assertThat(response.toString()).as("no paths of this machine").doesNotContain(folder.toString());
        }
    }
}
