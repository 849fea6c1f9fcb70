// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.conformance.http.HttpTarget.bytes;
import static io.hawser.conformance.http.HttpTarget.chunked;
import static io.hawser.conformance.http.HttpTarget.post;
import static io.hawser.conformance.http.HttpTarget.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.conformance.raw.Sender;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request's body ends (RFC 9112, 6 and 7.1), and what becomes of one that is too large, too short, or left by the application. */
@Timeout(60)
class MessageBodyTest {
    /** The largest body that the server reads on its own account, so that the connection goes on. */
    private static final int DRAINED = 256 << 10;

    @RegisterExtension
    static final HttpTarget target = HttpTarget.withDefaults();

    @RegisterExtension
    static final HttpTarget onLoop = HttpTarget.withDefaults().onLoop();

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** The same bytes in chunks of a length each. */
    private static byte[] inChunks(byte[] body, int length) {
        byte[] all = {};
        for (int from = 0; from < body.length; from += length) {
            byte[] chunk = Arrays.copyOfRange(body, from, Math.min(body.length, from + length));
            all = RawClient.join(all, bytes(Integer.toHexString(chunk.length) + "\r\n"), chunk, bytes("\r\n"));
        }
        return RawClient.join(all, bytes("0\r\n\r\n"));
    }

    // ---- bodies as they should be

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void takesABodyOfAKnownLength(Cut cut) throws IOException {
        for (int length : new int[] {0, 1, 43, 1000, 8193}) {
            byte[] body = random(length);
            assertThat(target.expectTaken(cut, post("/echo", body)).bytes()).isEqualTo(body);
            assertThat(onLoop.expectTaken(cut, post("/echo", body)).bytes()).isEqualTo(body);
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void takesABodyInChunks(Cut cut) throws IOException {
        for (int length : new int[] {1, 7, 100, 999, 1000}) {
            byte[] body = random(1000);
            byte[] request = RawClient.join(chunked("/echo", ""), inChunks(body, length));
            assertThat(target.expectTaken(cut, request).bytes()).isEqualTo(body);
            assertThat(onLoop.expectTaken(cut, request).bytes()).isEqualTo(body);
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {
        "chunked", "Chunked", "CHUNKED", " \t chunked \t ",
    })
    void knowsTheCodingInAnyCase(String coding) throws IOException {
        byte[] request = RawClient.join(request("POST", "/echo", "Transfer-Encoding:" + coding), bytes("5\r\nhello\r\n0\r\n\r\n"));
        assertThat(target.expectTaken(Cut.WHOLE, request).body()).isEqualTo("hello");
        assertThat(target.expectTaken(Cut.BYTE_BY_BYTE, request).body()).isEqualTo("hello");
    }

    /** RFC 9112 6.3: "The presence of a message body in a request is signaled by a Content-Length or Transfer-Encoding header field", not by the method. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "PUT", "PATCH", "QUERY", "TRACE"})
    void takesABodyWithAnyMethod(String method) throws IOException {
        byte[] known = RawClient.join(request(method, "/echo", "Content-Length: 5"), bytes("hello"));
        byte[] inChunks = RawClient.join(request(method, "/echo", "Transfer-Encoding: chunked"), bytes("5\r\nhello\r\n0\r\n\r\n"));
        for (Cut cut : HttpTarget.CUTS) {
            assertThat(target.expectTaken(cut, known).body()).isEqualTo("hello");
            assertThat(target.expectTaken(cut, inChunks).body()).isEqualTo("hello");
        }
    }

    @Tag("W1")
    @ParameterizedTest
    @EnumSource
    void takesABodyWithHead(Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            byte[] known = RawClient.join(request("HEAD", "/echo", "Content-Length: 5"), bytes("hello"));
            byte[] inChunks = RawClient.join(request("HEAD", "/echo", "Transfer-Encoding: chunked"), bytes("5\r\nhello\r\n0\r\n\r\n"));
            client.send(cut, RawClient.join(known, inChunks, HttpTarget.get("/hello")));
            assertThat(client.readResponseHead().headers("Content-Length")).containsExactly("5");
            assertThat(client.readResponseHead().headers("Content-Length")).containsExactly("5");
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    /** Neither of the two header fields: none, whatever the method. */
    @Tag("W1")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "GET"})
    void takesARequestWithoutABody(String method) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            assertThat(target.expectTaken(cut, request(method, "/echo")).bytes()).isEmpty();
        }
    }

    /** The next request begins where the length says that the body ends. */
    @Tag("W3")
    @ParameterizedTest
    @EnumSource
    void readsTheNextRequestBehindTheAnnouncedLength(Cut cut) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(cut, RawClient.join(post("/echo", bytes("hello")), bytes("G"), bytes("ET /hello HTTP/1.1\r\nHost: a\r\n\r\n")));
            assertThat(client.readResponse().body()).isEqualTo("hello");
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
        byte[] tooLong = RawClient.join(post("/echo", bytes("hello")), bytes("!!\r\n\r\n"));
        try (RawClient client = target.connect()) {
            client.send(cut, tooLong);
            assertThat(client.readResponse().body()).isEqualTo("hello");
            assertThat(client.readResponse().status()).isEqualTo(400);
            client.expectEnd();
        }
    }

    // ---- bodies that break off

    @Tag("W2")
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\n\r\n",
        "Content-Length: 5\r\n\r\nhell",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhell",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n"
    })
    void takesNoBodyForWholeThatBreaksOff(String rest) throws IOException {
        for (String path : new String[] {"/echo", "/length"}) {
            for (Cut cut : HttpTarget.CUTS) {
                try (RawClient client = target.connect()) {
                    client.send(cut, bytes("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + rest));
                    client.endOutput();
                    assertThat(client.readResponse().status()).as(path).isEqualTo(400);
                    client.expectEnd();
                }
            }
        }
    }

    @Tag("W2")
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/length", "/leave"})
    void outlivesAClientThatIsGoneInTheMiddleOfABody(String path) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(RawClient.join(request("POST", path, "Content-Length: 50000"), new byte[20_000]));
            HttpTarget.awaiting().until(() -> target.site().asked().contains("POST " + path));
            client.reset();
        }
        target.expectTaken(Cut.WHOLE, HttpTarget.get("/hello"));
    }

    // ---- bodies that are too large

    @Tag("W2")
    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "SEED_1", "SEED_300"})
    void takesABodyAsLargeAsAllowed(Cut cut) throws IOException {
        byte[] body = random(HttpTarget.MAX_BODY);
        assertThat(target.expectTaken(cut, post("/echo", body)).bytes()).isEqualTo(body);
        byte[] inChunks = RawClient.join(chunked("/echo", ""), inChunks(body, 10_000));
        assertThat(target.expectTaken(cut, inChunks).bytes()).isEqualTo(body);
    }

    /** By its length alone: not a byte of it is sent. */
    @Tag("W2")
    @ParameterizedTest
    @ValueSource(longs = {HttpTarget.MAX_BODY + 1, 10_000_000, Integer.MAX_VALUE, 1L << 31, 1L << 32, 1L << 50})
    void refusesABodyThatIsKnownToBeTooLarge(long length) throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(request("POST", "/echo", "Content-Length: " + length));
                assertThat(client.readResponse().status()).isEqualTo(413);
            }
        }
    }

    /** Nobody sends as much; what counts is that no number overflows. */
    @Tag("W3")
    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551621", "00000000000000000000000000065537"})
    void refusesALengthThatNobodySends(String length) throws IOException {
        for (Cut cut : HttpTarget.CUTS) {
            try (RawClient client = target.connect()) {
                client.send(cut, RawClient.join(request("POST", "/echo", "Content-Length: " + length), bytes("hello" + HttpTarget.HIDDEN)));
                assertThat(client.readResponse().status()).isIn(400, 413);
                client.endOutput();
                assertThat(client.readUntilEndOrReset()).isEmpty();
            }
        }
    }

    @Tag("W2")
    @ParameterizedTest
    @EnumSource(names = {"WHOLE", "SEED_1", "SEED_300"})
    void refusesChunksThatBecomeTooLarge(Cut cut) throws IOException {
        byte[] request = RawClient.join(chunked("/echo", ""), inChunks(new byte[HttpTarget.MAX_BODY + 1], 10_000));
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            try (RawClient client = each.connect()) {
                client.send(cut, request);
                assertThat(client.readResponse().status()).isEqualTo(413);
            }
        }
    }

    /** The bound is on what is asked for as a whole. */
    @Tag("W1")
    @Test
    void readsABodyOfAnyLengthInPieces() throws IOException {
        int length = 5 << 20;
        assertThat(target.expectTaken(Cut.WHOLE, post("/length", new byte[length])).body()).isEqualTo("" + length);
        byte[] inChunks = RawClient.join(chunked("/length", ""), inChunks(new byte[1 << 20], 50_000));
        assertThat(target.expectTaken(Cut.WHOLE, inChunks).body()).isEqualTo("" + (1 << 20));
    }

    // ---- bodies that the application leaves

    @Tag("W2")
    @ParameterizedTest
    @EnumSource
    void goesOnBehindASmallBodyThatIsLeft(Cut cut) throws IOException {
        for (HttpTarget each : new HttpTarget[] {target, onLoop}) {
            assertThat(each.expectTaken(cut, post("/leave", random(5000))).body()).isEqualTo("left");
            byte[] inChunks = RawClient.join(chunked("/leave", ""), inChunks(random(5000), 333));
            assertThat(each.expectTaken(cut, inChunks).body()).isEqualTo("left");
            assertThat(each.expectTaken(cut, chunked("/leave", "0\r\n\r\n")).body()).isEqualTo("left");
        }
    }

    /** Whatever may have come of it before the response. */
    @Tag("W2")
    @Test
    void goesOnBehindABodyThatComesAfterTheResponse() throws IOException {
        try (RawClient client = target.connect()) {
            client.send(request("POST", "/leave", "Content-Length: 5000"));
            RawResponse response = client.readResponse();
            assertThat(response.body()).isEqualTo("left");
            assertThat(response.headers("Connection")).isEmpty();
            client.send(RawClient.join(random(5000), HttpTarget.get("/hello")));
            assertThat(client.readResponse().body()).isEqualTo("hello /hello");
        }
    }

    @Tag("W2")
    @ParameterizedTest
    @ValueSource(longs = {DRAINED + 1, 1 << 30, 1L << 32, 1L << 50})
    void closesBehindALargeBodyThatIsLeft(long length) throws IOException {
        try (RawClient client = target.connect()) {
            client.send(request("POST", "/leave", "Content-Length: " + length));
            RawResponse response = client.readResponse();
            assertThat(response.body()).isEqualTo("left");
            assertThat(response.headers("Connection")).containsExactly("close");
            client.expectEnd();
        }
    }

    @Tag("W2")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsOffABodyThatIsLeftAndDoesNotEnd(boolean inChunks) throws IOException {
        byte[] head = inChunks ? chunked("/leave", "") : request("POST", "/leave", "Content-Length: " + (1L << 50));
        byte[] more = inChunks ? RawClient.join(bytes("1000\r\n"), new byte[0x1000], bytes("\r\n")) : new byte[0x1000];
        try (RawClient client = target.connect();
                Sender sender = new Sender()) {
            sender.start(() -> {
                client.send(head);
                while (true) {
                    client.send(more);
                }
            });
            assertThat(client.readResponse().body()).isEqualTo("left");
            assertThat(client.readUntilEndOrReset()).isEmpty();
            sender.expectOver();
        }
    }
}
