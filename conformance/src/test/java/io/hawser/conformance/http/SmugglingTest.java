// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.HIDDEN;
import static io.hawser.conformance.http.HttpTarget.HOST;
import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.chunked;
import static io.hawser.conformance.http.HttpTarget.get;
import static io.hawser.conformance.http.HttpTarget.post;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that hide another one from one of two readers (RFC 9112, 11.2): wherever a proxy in front could see another end than this server,
 * the request is refused and the connection closed. The hidden one is never answered, nor is the application asked.
 */
@Timeout(60)
class SmugglingTest {
    /** Paths whose handlers read the body, and don't. */
    private static final String[] PATHS = {"/echo", "/length", "/leave"};

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    /** Asserts that nothing is answered but perhaps a first request, and the connection ended without being asked to. */
    private static void expectNothingHidden(String path, Cut cut, byte[] sent) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, sent);
            String answer = client.readUntilEndOrReset();
            // A handler that does not read the body may have answered before what is wrong with it arrived.
            String statuses = path.equals("/leave") ? "400|200" : path.equals("/echo") ? "400|413" : "400";
            assertThat(answer).containsPattern("^HTTP/1\\.1 (" + statuses + ") ");
            assertThat(answer.split("HTTP/1.1 ", -1)).as(answer).hasSize(2);
        }
    }

    // ---- two lengths

    /** Heads that tell two lengths, or one that not all readers understand: refused before any handler is asked. */
    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 6\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 6",
        "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "Transfer-Encoding: chunked\r\nX: y\r\ncontent-length: 6",
        "Transfer-encoding: Chunked\r\nCONTENT-LENGTH: 6",
        "Content-Length: 5\r\nContent-Length: 0",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 0, 5",
        "Content-Length: 5,",
        "Content-Length: ,5",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5e0",
        "Content-Length: 5;a=b",
        "Content-Length: 5 5",
        "Content-Length: \"5\"",
        "Content-Length: 0_5",
        "Content-Length: 5.",
        "Content-Length: \u00b9",
        "Content-Length: 18446744073709551616",
        "Content-Length: 4294967301\r\nContent-Length: 5",
        "Content-Length:",
        "Content-Length: \t"
    })
    void refusesTwoLengths(String lines) throws IOException {
        expectHeadRefused(lines);
    }

    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunkedx",
        "Transfer-Encoding: chunk",
        "Transfer-Encoding: x chunked",
        "Transfer-Encoding: chunked x",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: chunked\u000b",
        "Transfer-Encoding: \fchunked",
        "Transfer-Encoding: \u0000chunked",
        "Transfer-Encoding: chunked\u0000",
        "Transfer-Encoding: \u00a0chunked",
        "Transfer-Encoding: ch\u00fcnked",
        "Transfer-Encoding:"
    })
    void refusesCodingsThatNotAllUnderstand(String lines) throws IOException {
        expectHeadRefused(lines);
    }

    /** Fields whose name one reader takes for Transfer-Encoding or Content-Length and another for something else. */
    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        " Transfer-Encoding: chunked",
        "\tTransfer-Encoding: chunked",
        "X: y\r\n Transfer-Encoding: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: x\r\n\tchunked",
        "Transfer-Encoding: chunked\r\n , identity",
        "X: y\rTransfer-Encoding: chunked",
        "X: y\nTransfer-Encoding: chunked",
        "X: y\r\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding\u0000: chunked",
        "\u0000Transfer-Encoding: chunked",
        "Transfer\u00adEncoding: chunked",
        "Transfer-Encoding",
        "Transfer-Encoding\r\n: chunked",
        "Transfer-Encoding chunked",
        ": chunked",
        "Content-Length : 5",
        " Content-Length: 5",
        "Content-Length:\r\n 5",
        "X: y\rContent-Length: 5",
        "X: y\nContent-Length: 5",
        "Content-Length\u0000: 5"
    })
    void refusesFieldsThatNotAllRecognise(String lines) throws IOException {
        expectHeadRefused(lines);
    }

    /** As the first field: a blank in front makes it the request line's. */
    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {" Content-Length: 5\r\nHost: a", "\tHost: a", " \r\nHost: a", "\u0000Host: a"})
    void refusesABlankInFrontOfTheFirstField(String lines) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            expectRefusedUnasked(cut, "GET /hello HTTP/1.1\r\n" + lines + "\r\n\r\n" + HIDDEN);
        }
    }

    private static void expectHeadRefused(String lines) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            expectRefusedUnasked(cut, "POST /leave HTTP/1.1\r\n" + HOST + "\r\n" + lines + "\r\n\r\n0\r\n\r\n" + HIDDEN);
        }
    }

    private static void expectRefusedUnasked(Cut cut, String sent) throws IOException {
        target.expectRefused(cut, bytes(sent), 400);
        assertThat(target.site().asked()).as("asked though refused").noneMatch(line -> !line.contains(Site.INNOCENT));
    }

    // ---- chunks

    /** Two readers of these disagree about where a chunk's size, its extension or its data end. */
    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {
        // A line feed in an extension ends it for the one, and the other goes on to the CR LF: hidden in front of it, or behind.
        "2;\nxx\r\n4a\r\n0\r\n\r\n",
        "2;\nxx\r\n0\r\n\r\n",
        "2;a\nxx\r\n4a\r\n0\r\n\r\n",
        "2;a=\"\nxx\r\n0\r\n\r\n",
        "5;\r\nhello\r\n0;\n\r\n",
        // The same with a carriage return alone, which some take for the end of a line.
        "2;\rxx\r\n4a\r\n0\r\n\r\n",
        "2;a\rxx\r\n0\r\n\r\n",
        "2;\r\rxx\r\n0\r\n\r\n",
        // And a quoted string that goes over the end of a line.
        "5;a=\"\r\nhello\r\n0\r\n\r\n\"",
        // Two bytes behind the data that nobody looks at.
        "5\r\nhelloXX49\r\n0\r\n\r\n",
        "5\r\nhello\n\n0\r\n\r\n",
        "5\r\nhello\r\r0\r\n\r\n",
        "5\r\nhello0\r\n0\r\n\r\n",
        "0\r\nXX",
        "0\r\n\rX",
        "0\r\n\n",
        // Sizes that wrap.
        "100000000000000005\r\nhello\r\n0\r\n\r\n",
        "10000000000000000\r\n",
        "ffffffffffffffff\r\nX\r\n0\r\n\r\n",
        "-1\r\nX\r\n0\r\n\r\n",
        // Sizes that a reader of numbers takes as C writes them.
        "0x0\r\n\r\n",
        "+0\r\n\r\n",
        " 0\r\n\r\n",
        "0_0\r\n\r\n",
        "0.\r\n\r\n",
        "00x\r\n\r\n",
        "0 0\r\n\r\n",
        "\r\n\r\n",
        "\n0\r\n\r\n"
    })
    void refusesChunksThatEndTwice(String chunks) throws IOException {
        for (String path : PATHS) {
            for (Cut cut : HttpTarget.CUTS) {
                expectNothingHidden(path, cut, RawClient.join(chunked(path, chunks), bytes(HIDDEN)));
            }
        }
    }

    // ---- what hides where it may

    /** What has the form of a request and stands in a body is the body. */
    @Tag("W3")
    @ParameterizedTest
    @CsvSource({"GET, /echo", "POST, /echo", "GET, /leave", "POST, /leave", "DELETE, /length", "HEAD, /leave"})
    void readsNoRequestInABody(String method, String path) throws IOException {
        byte[] known = RawClient.join(request(method, path, "Content-Length: " + HIDDEN.length()), bytes(HIDDEN));
        String chunk = Integer.toHexString(HIDDEN.length()) + "\r\n" + HIDDEN + "\r\n0\r\n\r\n";
        byte[] inChunks = RawClient.join(request(method, path, "Transfer-Encoding: chunked"), bytes(chunk));
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(known, inChunks, get("/hello")));
                for (int i = 0; i < 2; i++) {
                    assertThat((method.equals("HEAD") ? client.readResponseHead() : client.readResponse()).status()).isEqualTo(200);
                }
                assertThat(client.readResponse().body()).isEqualTo("hello /hello");
            }
        }
    }

    @Tag("W3")
    @ParameterizedTest
    @EnumSource
    void readsNoRequestInExtensionsAndTrailers(Cut cut) throws IOException {
        String inExtension = "5;a=\"GET /hidden HTTP/1.1\"\r\nhello\r\n0;b=\"GET /hidden HTTP/1.1\"\r\n\r\n";
        assertThat(target.expectTaken(cut, chunked("/echo", inExtension)).body()).isEqualTo("hello");
        assertThat(target.expectTaken(cut, chunked("/leave", inExtension)).body()).isEqualTo("left");
        String inTrailer = "5\r\nhello\r\n0\r\nX: GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.join(chunked("/leave", inTrailer), get("/hello")));
            assertThat(client.readResponse().status()).isIn(200, 400);
            client.endOutput();
            assertThat(client.readUntilEndOrReset()).doesNotContain("nothing at");
        }
    }

    /** A body that is larger than what is drained, and ends where its length says. */
    @Tag("W2")
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"/leave", "/echo"})
    void readsNoRequestBehindALargeBody(String path) throws IOException {
        byte[] body = RawClient.join(new byte[300 << 10], bytes(HIDDEN.repeat(100)));
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(post(path, body), bytes(HIDDEN)));
            assertThat(client.readResponse().headers("Connection")).containsExactly("close");
            assertThat(client.readUntilEndOrReset()).isEmpty();
        }
    }

    /** RFC 9112 2.2 has an old rule for blank lines in front of a request; here they are refused like whatever else is none. */
    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {"GET /hidden\r\n", "GET /hidden\n", "/hidden\r\n\r\n", "\u0000" + HIDDEN, " " + HIDDEN, "0\r\n\r\n" + HIDDEN, "GET /hidden HTTP/0.9\r\n\r\n"})
    void refusesWhatIsNoRequestBehindABody(String behind) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(post("/leave", bytes("hello")), bytes(behind), bytes(HIDDEN)));
                assertThat(client.readResponse().body()).isEqualTo("left");
                assertThat(client.readResponse().status()).isIn(400, 505);
                client.expectEnd();
            }
        }
    }

    /** An upgrade that is refused leaves nothing behind that could be taken for a request. */
    @Tag("W3")
    @Tag("hostile-8")
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
    void readsNoRequestBehindAnUpgradeWithABody(String line) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(RawClient.upgrade(Site.INNOCENT, line), bytes("0\r\n\r\n" + HIDDEN)));
                assertThat(client.readResponse().status()).isEqualTo(400);
                client.expectEnd();
            }
        }
    }

    /** HTTP/1.0 knows no chunks, so whoever sent it there ends the body at another byte. */
    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n", "Content-Length: 5\r\n"})
    void refusesChunksInHttp10(String lines) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            byte[] sent = bytes("POST /leave HTTP/1.0\r\n" + HOST + "\r\n" + lines + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            target.expectRefused(cut, sent, 400);
        }
    }
}
