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
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client has already, and asks about (RFC 9110, 13). */
@Timeout(60)
class ConditionTest {
    private static final String ETAG = "\"v1\"";
    private static final String CHANGED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String LATER = "Sun, 06 Nov 1994 08:49:38 GMT";

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @TempDir
    private static Path folder;

    private static Path file;

    @BeforeAll
    static void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("greeting.txt"), "hello");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37Z")));
    }

    @BeforeEach
    void serve() {
        target.site().route("/tagged", request -> Response.text("hello").withHeader("ETag", ETAG).withHeader("Vary", "X-Version"));
        target.site().route("/weak", request -> Response.text("hello").withHeader("ETag", "W/" + ETAG));
        target.site().route("/dated", request -> Response.text("hello").withHeader("Last-Modified", CHANGED));
        target.site().route("/both", request ->
                Response.text("hello").withHeader("ETag", ETAG).withHeader("Last-Modified", CHANGED).withHeader("Cache-Control", "max-age=60"));
        target.site().route("/stream", request -> Response.of(200, Chunks.of("hello")).withHeader("ETag", ETAG));
        target.site().route("/file", request -> Response.file(file));
        target.site().route("/missing", request -> Response.text(404, "hello").withHeader("ETag", ETAG));
    }

    private static RawResponse expect(int status, String path, String... lines) throws IOException {
        RawResponse response = target.expectAnswered(Cut.WHOLE, get(path, lines), status);
        assertThat(response.body()).isEqualTo(status == 200 ? "hello" : response.body());
        RawResponse head = target.askForHead(path, lines);
        assertThat(head.status()).as("of HEAD").isEqualTo(status);
        return response;
    }

    // ---- If-None-Match

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "\"v1\"", "W/\"v1\"", "*", "\"v0\", \"v1\"", "\"v1\",\"v2\"", "\"v0\" , W/\"v1\"", ", \"v1\"", "\"a,b\", \"v1\"", "\"\", \"v1\""
    })
    void sendsNothingThatTheClientHas(String tags) throws IOException {
        for (String path : List.of("/tagged", "/weak", "/both", "/stream")) {
            RawResponse response = expect(304, path, "If-None-Match: " + tags);
            // RFC 9110 15.4.5: fields that a 200 would have had
            assertThat(response.headers("ETag")).hasSize(1);
            assertThat(response.headers("Date")).hasSize(1);
        }
        assertThat(expect(304, "/tagged", "If-None-Match: " + tags).headers("Vary")).contains("X-Version");
        assertThat(expect(304, "/both", "If-None-Match: " + tags).headers("Cache-Control")).containsExactly("max-age=60");
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"\"v2\"", "\"V1\"", "\"v1", "v1", "\"v0\", \"v2\"", "\"v1,\"", "w/\"v1\"", "\"*\"", "\"v1 \""})
    void sendsWhatTheClientHasNot(String tags) throws IOException {
        for (String path : List.of("/tagged", "/weak", "/both", "/stream")) {
            expect(200, path, "If-None-Match: " + tags);
        }
    }

    @Tag("W1")
    @Test
    void takesTagsInSeveralLines() throws IOException {
        expect(304, "/tagged", "If-None-Match: \"v0\"", "If-None-Match: \"v1\"");
        expect(200, "/tagged", "If-None-Match: \"v0\"", "If-None-Match: \"v2\"");
    }

    // ---- If-Modified-Since

    /** In each of the three forms (RFC 9110, 5.6.7). */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {CHANGED, LATER, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Tue, 01 Jan 2019 00:00:00 GMT"})
    void sendsNothingThatHasNotChanged(String date) throws IOException {
        for (String path : List.of("/dated", "/both", "/file")) {
            expect(304, path, "If-Modified-Since: " + date);
        }
        expect(200, "/tagged", "If-Modified-Since: " + date);
    }

    /** RFC 9110 13.1.3: "A recipient MUST ignore the If-Modified-Since header field if the received field value is not a valid HTTP-date". */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        EARLIER, "Thu, 01 Jan 1970 00:00:00 GMT", "", "x", "0", "1994-11-06T08:49:38Z", "Sun, 06 Nov 1994 08:49:38", "Sun, 06 Nov 1994 08:49:38 CET", "Sun, 31 Feb 2019 00:00:00 GMT", "Sun, 06 Nov 1994 25:49:38 GMT"
    })
    void sendsWhatHasChanged(String date) throws IOException {
        for (String path : List.of("/dated", "/both", "/file")) {
            expect(200, path, "If-Modified-Since: " + date);
        }
    }

    /** RFC 9110 13.1.3: "A recipient MUST ignore If-Modified-Since if the request contains an If-None-Match header field". */
    @Tag("W1")
    @Test
    void goesByTheTagWhereThereAreBoth() throws IOException {
        expect(200, "/both", "If-None-Match: \"v2\"", "If-Modified-Since: " + LATER);
        expect(304, "/both", "If-None-Match: \"v1\"", "If-Modified-Since: " + EARLIER);
    }

    // ---- If-Match, If-Unmodified-Since

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"\"v1\"", "*", "\"v0\", \"v1\""})
    void answersForWhatIsMeant(String tags) throws IOException {
        for (String path : List.of("/tagged", "/both", "/stream")) {
            expect(200, path, "If-Match: " + tags);
        }
    }

    /** RFC 9110 13.1.1: by the strong comparison, which no weak tag passes. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"\"v2\"", "W/\"v1\"", "\"v0\", W/\"v1\"", "v1"})
    void refusesForWhatIsNotMeant(String tags) throws IOException {
        for (String path : List.of("/tagged", "/weak", "/both")) {
            expect(412, path, "If-Match: " + tags);
        }
        expect(412, "/weak", "If-Match: \"v1\"");
    }

    @Tag("W1")
    @Test
    void goesByTheTimeWhereNoTagIsAskedFor() throws IOException {
        for (String path : List.of("/dated", "/both", "/file")) {
            expect(200, path, "If-Unmodified-Since: " + CHANGED);
            expect(200, path, "If-Unmodified-Since: " + LATER);
            expect(200, path, "If-Unmodified-Since: nonsense");
            expect(412, path, "If-Unmodified-Since: " + EARLIER);
        }
        expect(200, "/both", "If-Match: \"v1\"", "If-Unmodified-Since: " + EARLIER);
    }

    // ---- where they mean nothing

    /** RFC 9110 13.2.1: "A server MUST ignore all received preconditions if its response […] would have been a status code other than a 2xx". */
    @Tag("W1")
    @Test
    void ignoresConditionsOnWhatIsNoSuccess() throws IOException {
        for (String line : List.of("If-None-Match: \"v1\"", "If-None-Match: *", "If-Match: \"v2\"")) {
            target.expectAnswered(Cut.WHOLE, get("/missing", line), 404);
            target.expectAnswered(Cut.WHOLE, get("/nowhere", line), 404);
        }
    }

    /** What the handler has done cannot be undone by a status: for other methods, conditions are the application's. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void leavesConditionsOfOtherMethodsToTheApplication(String method) throws IOException {
        target.expectTaken(Cut.WHOLE, request(method, "/tagged", "If-None-Match: \"v1\""));
        target.expectTaken(Cut.WHOLE, request(method, "/tagged", "If-Match: \"v2\""));
    }

    @Tag("W1")
    @Test
    void ignoresConditionsOnWhatHasNoValidator() throws IOException {
        target.expectTaken(Cut.WHOLE, get("/hello", "If-None-Match: \"v1\""));
        target.expectTaken(Cut.WHOLE, get("/hello", "If-Modified-Since: " + CHANGED));
    }

    // ---- files

    @Tag("W1")
    @Test
    void tellsWhichFileItIs() throws IOException {
        RawResponse first = expect(200, "/file");
        assertThat(first.headers("Last-Modified")).containsExactly(CHANGED);
        assertThat(first.headers("Content-Type")).singleElement().asString().startsWith("text/plain");
        String tag = first.headers("ETag").get(0);
        assertThat(tag).startsWith("\"");
        assertThat(expect(200, "/file").headers("ETag")).containsExactly(tag);
        expect(304, "/file", "If-None-Match: " + tag);
        expect(200, "/file", "If-Match: " + tag);
        expect(412, "/file", "If-Match: \"other\"");
    }

    @Tag("W1")
    @Test
    void knowsAFileThatHasChanged() throws IOException {
        Path changing = Files.writeString(folder.resolve("changing.txt"), "before");
        Files.setLastModifiedTime(changing, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        target.site().route("/changing", request -> Response.file(changing));
        String tag = target.ask(get("/changing")).headers("ETag").get(0);
        Files.writeString(changing, "behind");
        Files.setLastModifiedTime(changing, FileTime.from(Instant.parse("2001-01-01T00:00:02Z")));
        RawResponse changed = target.expectTaken(Cut.WHOLE, get("/changing", "If-None-Match: " + tag));
        assertThat(changed.body()).isEqualTo("behind");
        assertThat(changed.headers("ETag")).isNotEqualTo(List.of(tag));
    }

    /** A connection stays in step behind responses without a body. */
    @Tag("W1")
    @Test
    void answersConditionsInARow() throws IOException {
        byte[] known = get("/file", "If-Modified-Since: " + CHANGED);
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(known, get("/file"), known, get("/both", "If-Match: \"v2\""), get("/hello")));
            assertThat(client.readResponse().status()).isEqualTo(304);
            assertThat(client.readResponse().body()).isEqualTo("hello");
            assertThat(client.readResponse().status()).isEqualTo(304);
            assertThat(client.readResponse().status()).isEqualTo(412);
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }
}
