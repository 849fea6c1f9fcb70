// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.chunked;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chunks by the grammar of RFC 9112, 7.1, and just outside of it. Whatever two readers could end at different bytes is refused, and the
 * request that hides behind it is never answered.
 */
@Timeout(60)
class ChunkSyntaxTest {
    private static final int HEADER_BYTES = 16 << 10;
    private static final int HEADERS = 100;

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    /** A chunk, whose size may have extensions, and the last one. */
    private static String sized(String size) {
        return size + "\r\nhello\r\n0\r\n\r\n";
    }

    /** Chunks with lines behind the last one. */
    private static String trailed(String trailers) {
        return "5\r\nhello\r\n0\r\n" + trailers + "\r\n\r\n";
    }

    private static void expectHello(String chunks) throws IOException {
        expectBody("hello", chunks);
    }

    private static void expectBody(String body, String chunks) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            assertThat(target.expectTaken(cut, chunked("/echo", chunks)).body()).isEqualTo(body);
        }
    }

    private static void expectRefused(String chunks, Integer... statuses) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            target.expectRefused(cut, chunked("/echo", chunks), statuses);
        }
    }

    // ---- sizes

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"5", "05", "0005", "0000000000000005"})
    void takesSizesWithLeadingZeros(String size) throws IOException {
        expectHello(sized(size));
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "00a", "0A"})
    void takesSizesInEitherCase(String size) throws IOException {
        expectBody("0123456789", size + "\r\n0123456789\r\n0\r\n\r\n");
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "000000", "0;a", "0;a=b", "0;a=\"b\""})
    void takesEveryFormOfTheLastChunk(String last) throws IOException {
        expectHello("5\r\nhello\r\n" + last + "\r\n\r\n");
    }

    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "\t", "x", "h5", "5h", "-5", "+5", "-0", "0x5", "5.0", " 5", "\t5", "5 5", "5,", "5,5", "5:", "\"5\"", "5\u0000", "\u00005", "5\u00a0", "\u00b2", "5\u007f", ";", ";a=b",
    })
    void refusesSizesThatAreNone(String size) throws IOException {
        expectRefused(sized(size), 400);
    }

    /** Sizes of which a reader that drops what overflows keeps 5 or 0. */
    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {
        "8000000000000000",
        "8000000000000005",
        "fffffffffffffffb",
        "ffffffffffffffff",
        "10000000000000000",
        "10000000000000005",
        "100000000000000005",
        "fffffffffffffffff",
        "100000000000000000000000000000005"
    })
    void refusesSizesThatOverflow(String size) throws IOException {
        expectRefused(sized(size), 400, 413);
    }

    /** Sizes that overflow 32 bits at most: what is behind them is a body that goes on. */
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"10001", "80000000", "80000005", "100000000", "100000005", "7fffffffffffffff"})
    void refusesSizesBeyondTheLimit(String size) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(chunked("/echo", sized(size)), bytes(HttpTarget.HIDDEN)));
                client.endOutput();
                assertThat(client.readResponse().status()).isIn(400, 413);
                assertThat(client.readUntilEndOrReset()).isEmpty();
            }
        }
    }

    // ---- extensions

    /** RFC 9112 7.1.1: "A recipient MUST ignore unrecognized chunk extensions." */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        ";a", ";a=b", ";a=\"b\"", ";a=\"\"", ";a=\"b;c\"", ";a=\"b\\\"c\"", ";a=\"b\\\\\"", ";a;b=c;d=\"e\"", ";a=\"b\tc\u00e9\"", ";!#$%&'*+-.^_`|~=0", ";a=5", ";0=\"0\"",
    })
    void ignoresExtensions(String extension) throws IOException {
        expectHello("5" + extension + "\r\nhello\r\n0" + extension + "\r\n\r\n");
    }

    /** RFC 9110 5.6.3: "A recipient MUST parse for such bad whitespace and remove it before interpreting the protocol element." */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {" ;a", "; a", " ; a=b", "\t;\ta=b", ";a = b", ";a\t=\t\"b\"", ";a=b ;c"})
    void ignoresExtensionsWithBlanksBetween(String extension) throws IOException {
        expectHello(sized("5" + extension));
    }

    @Tag("W3")
    @Tag("hostile-14")
    @ParameterizedTest
    @ValueSource(strings = {
        ";",
        ";;",
        ";a;",
        ";;a",
        ";=",
        ";=b",
        ";a=",
        ";a==b",
        ";a b",
        ";a=b c",
        ";\"a\"=b",
        ";a=\"b",
        ";a=b\"",
        ";a=\"b\"c",
        ";a=\"b\\\"",
        ";a,b",
        ";a=b,c",
        " a",
        ";a\u0000",
        ";a=\"\u0000\"",
        ";a\u0001",
        ";a=\"\u0001\"",
        ";a=\"\\\u0000\"",
        ";a\u007f",
        ";\u00e9"
    })
    void refusesExtensionsThatAreNone(String extension) throws IOException {
        expectRefused(sized("5" + extension), 400);
    }

    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {";a=", ";a=\"", ";", " "})
    void refusesAnEndlessExtension(String begun) throws IOException {
        target.expectRefused(Cut.WHOLE, chunked("/echo", "5" + begun + "x".repeat(HEADER_BYTES + 1)), 400, 413, 431);
        target.expectRefused(Cut.SEED_300, chunked("/echo", "5" + begun + " ".repeat(HEADER_BYTES + 1)), 400, 413, 431);
    }

    // ---- ends of lines

    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {
        "5\nhello\r\n0\r\n\r\n",
        "5\rhello\r\n0\r\n\r\n",
        "5\r\r\nhello\r\n0\r\n\r\n",
        "5\n\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhello\r\r\n0\r\n\r\n",
        "5\r\nhello\r\n\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5\r\nhello\r\n0\r\r\n",
        "5\r\nhello\r\n0\r\n\n",
        "5\r\nhello\r\n0\r\n\r",
        "5\r\nhello\r\n0\r\n\r\r\n",
        "5\r\nhello\r\n0\n\n",
        "5\n",
        "\r\n5\r\nhello\r\n0\r\n\r\n",
        "\n5\r\nhello\r\n0\r\n\r\n"
    })
    void refusesEndsOfLinesThatAreNone(String chunks) throws IOException {
        expectRefused(chunks, 400);
    }

    /** One that counts by the size goes on behind the sixth byte, one that looks for the line's end somewhere else. */
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"5\r\nhell\r\n0\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "5\r\nhello\rX0\r\n\r\n", "5\r\nhelloX\n0\r\n\r\n"})
    void refusesDataThatIsNotAsLongAsItsSize(String chunks) throws IOException {
        expectRefused(chunks, 400);
    }

    // ---- trailers

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"X: y", "X:", "X: y\r\nX: z", "Digest: abc\r\nServer-Timing: a;dur=1", "X: \u00e9", "X:\ty \t"})
    void takesTrailers(String trailers) throws IOException {
        expectHello(trailed(trailers));
    }

    /** RFC 9110 6.5.1: fields that frame or route a message mean nothing here; dropped or refused, they move no end. */
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5", "Content-Length: 0", "Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Host: b", "Connection: close", "Expect: 100-continue", "Upgrade: websocket",
    })
    void isNotLedAstrayByTrailers(String trailer) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(chunked("/echo", trailed(trailer)), HttpTarget.get("/hello")));
                if (client.readResponse().status() == 200) {
                    assertThat(client.readResponse().body()).isEqualTo("hello /hello");
                } else {
                    client.expectEnd();
                }
            }
        }
    }

    /** They are no header fields: the application is not told of them, so that none passes for what was checked in the head. */
    @Tag("W3")
    @Test
    void keepsTrailersOutOfTheHead() throws IOException {
        target.site().route("/trailer", request -> {
            byte[] body = request.bodyBytes();
            return Response.text(body.length + " " + request.header("X-Role").orElse("none"));
        });
        byte[] request = chunked("/trailer", trailed("X-Role: admin"));
        assertThat(target.expectTaken(Cut.WHOLE, request).body()).isEqualTo("5 none");
    }

    @Tag("W3")
    @Tag("hostile-13")
    @ParameterizedTest
    @ValueSource(strings = {
        " folded: x",
        "X: y\r\n folded",
        "X: y\r\n\tfolded: z",
        "X : y",
        "X y: z",
        ": y",
        "no colon",
        "X: a\u0000b",
        "X: a\u0001b",
        "X: a\nY: b",
        "X: a\rY: b",
        "X: a\r",
        "X\u0000: a",
        "X\u00e9: a"
    })
    void refusesMalformedTrailers(String trailers) throws IOException {
        expectRefused(trailed(trailers), 400);
    }

    @Tag("W3")
    @Tag("hostile-11")
    @Test
    void refusesTooManyTrailers() throws IOException {
        expectRefused("5\r\nhello\r\n0\r\n" + "a:\r\n".repeat(HEADERS + 1) + "\r\n", 400, 431);
    }

    @Tag("W3")
    @Tag("hostile-11")
    @Test
    void refusesTrailersThatAreTooLarge() throws IOException {
        byte[] request = chunked("/echo", "5\r\nhello\r\n0\r\nX: " + "y".repeat(HEADER_BYTES));
        target.expectRefused(Cut.WHOLE, request, 400, 431);
        target.expectRefused(Cut.SEED_300, request, 400, 431);
    }
}
