// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods (RFC 9110, 9), and the responses that have no body whatever the application gives them. */
@Timeout(60)
class HeadMethodTest {
    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    /** The header lines but for the one that tells the time. */
    private static List<String> fields(RawResponse response) {
        return response.head().lines().filter(line -> !line.regionMatches(true, 0, "Date:", 0, 5)).toList();
    }

    // RFC 9110 9.3.2: "The server SHOULD send the same header fields in response to a HEAD request as it would have sent if the request
    // method had been GET."
    private static void expectSameHead(String path) throws IOException {
        RawResponse response = target.ask(get(path));
        assertThat(fields(target.askForHead(path))).isEqualTo(fields(response));
    }

    @Tag("W1")
    @Test
    void tellsOfATextWithoutIt() throws IOException {
        expectSameHead("/hello");
        target.site().route("/café", request -> Response.text("café ".repeat(100)));
        expectSameHead("/caf%C3%A9");
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 500, 503})
    void tellsOfAnyStatusWithoutABody(int status) throws IOException {
        target.site().route("/status", request -> Response.text(status, "status " + status).withHeader("Location", "/hello"));
        expectSameHead("/status");
        target.site().route("/empty", request -> Response.of(status));
        expectSameHead("/empty");
    }

    /** "[…] a server MAY omit header fields for which a value is determined only while generating the content", as Transfer-Encoding is. */
    @Tag("W1")
    @Test
    void tellsOfAStreamWithoutBeginningIt() throws IOException {
        Chunks chunks = Chunks.of("hello ", "world");
        target.site().route("/stream", request -> Response.of(200, chunks).withHeader("Content-Type", "text/x-test"));
        RawResponse response = target.askForHead("/stream");
        assertThat(response.headers("Content-Type")).containsExactly("text/x-test");
        assertThat(response.headers("Content-Length")).isEmpty();
        assertThat(chunks.subscribers()).isZero();
        assertThat(target.ask(get("/stream")).body()).isEqualTo("hello world");
        assertThat(chunks.subscribers()).isOne();
    }

    @Tag("W1")
    @Test
    void tellsTheLengthOfAStreamThatIsKnown() throws IOException {
        Chunks chunks = Chunks.of("hello ", "world");
        target.site().route("/known", request -> Response.of(200, chunks, 11));
        expectSameHead("/known");
        assertThat(target.askForHead("/known").headers("Content-Length")).containsExactly("11");
        assertThat(chunks.subscribers()).as("by the one GET").isOne();
    }

    @Tag("W1")
    @Test
    void leavesTheConnectionOpen() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(request("HEAD", "/hello"), request("HEAD", "/nowhere"), get("/hello?3")));
            assertThat(client.readResponseHead().headers("Content-Length")).containsExactly("12");
            assertThat(client.readResponseHead().status()).isEqualTo(404);
            assertThat(client.readResponse().body()).isEqualTo("hello /hello?3");
        }
    }

    @Tag("W1")
    @Test
    void sendsNoBodyOfAHandlerThatFailsToHead() throws IOException {
        target.site().route("/fails", request -> {
            throw new IllegalStateException("as the test wants it");
        });
        assertThat(target.askForHead("/fails").status()).isEqualTo(500);
    }

    // ---- statuses without a body

    /** RFC 9110 6.4.1: "All 1xx (Informational), 204 (No Content), and 304 (Not Modified) responses do not include content." */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void sendsNoBodyWhereTheStatusHasNone(int status) throws IOException {
        Chunks chunks = Chunks.of("hello");
        target.site().route("/empty", request -> Response.of(status));
        target.site().route("/full", request -> Response.of(status, bytes("hello")));
        target.site().route("/stream", request -> Response.of(status, chunks));
        for (String path : List.of("/empty", "/full", "/stream")) {
            for (String method : List.of("GET", "HEAD", "POST")) {
                try (RawClient client = target.connect()) {
                    client.send(RawClient.join(request(method, path), get("/hello")));
                    RawResponse response = client.readResponse();
                    assertThat(response.status()).isEqualTo(status);
                    assertThat(response.headers("Transfer-Encoding")).isEmpty();
                    assertThat(client.readResponse().body()).as("behind %s", path).isEqualTo("hello /hello");
                }
            }
        }
        assertThat(chunks.subscribers()).isZero();
    }

    /** RFC 9110 15.3.6: a 205 has no content, which "Content-Length: 0" says. */
    @Tag("W1")
    @Test
    void saysThatA205IsEmpty() throws IOException {
        target.site().route("/reset", request -> Response.of(205));
        RawResponse response = target.expectAnswered(Cut.WHOLE, get("/reset"), 205);
        assertThat(response.headers("Content-Length")).containsExactly("0");
    }

    // ---- other methods

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "get", "Get", "gET", "head", "X-Y", "!#$%&'*+-.^_`|~"})
    void givesEveryMethodToTheApplicationAsItIs(String method) throws IOException {
        target.site().route("/method", request -> Response.text(request.method()));
        for (Cut cut : HttpTarget.CUTS) {
            // RFC 9110 9.1: "The method token is case-sensitive": "head" is not HEAD, and has a body
            assertThat(target.expectTaken(cut, request(method, "/method")).body()).isEqualTo(method);
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void givesOptionsForTheServerToTheApplication(Cut cut) throws IOException {
        target.site().route("*", request -> Response.of(204).withHeader("Allow", request.target()));
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.join(request("OPTIONS", "*"), get("/hello")));
            assertThat(client.readResponse().headers("Allow")).containsExactly("*");
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    /** This is no proxy; and what follows is never a tunnel's. */
    @Tag("W1")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"a:80", "a", "127.0.0.1:443", "[::1]:80", "/hidden", "http://a/hidden", "*"})
    void refusesToConnect(String authority) throws IOException {
        target.site().otherwise(request -> Response.text("a success, behind which a client has its tunnel"));
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                String host = authority.matches("[a-z0-9:.\\[\\]]+") ? authority : "a";
                client.send(cut, RawClient.join(RawClient.head("CONNECT " + authority + " HTTP/1.1", "Host: " + host), bytes("\u0000\u0001\u0002" + HttpTarget.HIDDEN)));
                assertThat(client.readResponse().status()).isIn(400, 404, 405, 501);
                client.endOutput();
                assertThat(client.readUntilEndOrReset()).doesNotContain("HTTP/1.1 2");
            }
        }
    }
}
