// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a request's head; each is checked with the head in one piece and split at every byte. */
class HeadCheckTest {
    private static final HeadLimits LIMITS = new HeadLimits(100, 200, 5);
    private static final String HOST = "Host: a\r\n";

    /** What becomes of a head: empty if it is taken. */
    private static Optional<HeadCheck.Refusal> check(String head) {
        Optional<HeadCheck.Refusal> whole = check(head, head.length());
        for (int cut = 0; cut < head.length(); cut++) {
            assertThat(check(head, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        return whole;
    }

    private static Optional<HeadCheck.Refusal> check(String head, int cut) {
        HeadCheck check = new HeadCheck(LIMITS);
        ByteBuf in = Unpooled.buffer();
        // Not at index 0, as behind another request.
        in.writeZero(3).readerIndex(3);
        try {
            in.writeCharSequence(head.substring(0, cut), StandardCharsets.ISO_8859_1);
            boolean complete = check.isComplete(in);
            in.writeCharSequence(head.substring(cut), StandardCharsets.ISO_8859_1);
            complete = complete || check.isComplete(in);
            assertThat(complete).as("complete").isTrue();
            assertThat(in.readerIndex()).isEqualTo(3);
            return Optional.empty();
        } catch (HeadCheck.RefusedException e) {
            assertThat(e.getStackTrace()).isEmpty();
            return Optional.of(e.refusal());
        }
    }

    private static void taken(String head) {
        assertThat(check(head)).isEmpty();
    }

    private static void refused(int status, String head) {
        assertThat(check(head)).map(HeadCheck.Refusal::status).contains(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ",", "a", "\r\nA: b"})
    @Tag("hostile-10")
    void looksAtEachByteAFewTimesHoweverTheyAreCut(String unit) throws Exception {
        AtomicInteger looks = new AtomicInteger();
        ByteBuf in = new UnpooledHeapByteBuf(UnpooledByteBufAllocator.DEFAULT, 256, Integer.MAX_VALUE) {
            @Override
            public byte getByte(int index) {
                looks.incrementAndGet();
                return super.getByte(index);
            }

            @Override
            public ByteBuf getBytes(int index, byte[] into, int offset, int length) {
                looks.addAndGet(length);
                return super.getBytes(index, into, offset, length);
            }

            @Override
            public String toString(int index, int length, Charset charset) {
                looks.addAndGet(length);
                return super.toString(index, length, charset);
            }
        };
        HeadCheck check = new HeadCheck(new HeadLimits(100, 128 << 10, 100_000));
        String head = "GET / HTTP/1.1\r\n" + HOST + "X: x" + unit.repeat((64 << 10) / unit.length()) + "\r\n\r\n";
        boolean complete = false;
        for (int i = 0; i < head.length(); i++) {
            in.writeByte(head.charAt(i));
            complete = check.isComplete(in);
        }
        assertThat(complete).isTrue();
        assertThat(looks.get()).isBetween(head.length(), 4 * head.length());
        in.release();
    }

    @Test
    void takesOrdinaryHeads() {
        taken("GET / HTTP/1.1\r\n" + HOST + "\r\n");
        taken("GET / HTTP/1.0\r\n\r\n");
        taken("OPTIONS * HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n");
        taken("M-SEARCH!#$%&'*+.^_`|~ /a?b=c HTTP/1.1\r\nHost:\t a:80 \t\r\nX: \u00E9\r\n\r\n");
        taken("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n");
        taken("POST / HTTP/1.1\r\n" + HOST + "transfer-encoding: Chunked\r\n\r\n5;a=b\r\n");
        taken("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void stopsAtTheEndOfTheHead() throws HeadCheck.RefusedException {
        HeadCheck check = new HeadCheck(LIMITS);
        ByteBuf in = Unpooled.copiedBuffer("GET / HTTP/1.1\r\n" + HOST + "\r\n\0\n\r", StandardCharsets.ISO_8859_1);
        assertThat(check.isComplete(in)).isTrue();
    }

    @Test
    void waitsForTheRest() throws HeadCheck.RefusedException {
        HeadCheck check = new HeadCheck(LIMITS);
        assertThat(check.isComplete(Unpooled.EMPTY_BUFFER)).isFalse();
        assertThat(check.isComplete(Unpooled.copiedBuffer("GET / HT", StandardCharsets.US_ASCII))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n",
                "GET  / HTTP/1.1\r\n",
                "GET / HTTP/1.1 \r\n",
                " GET / HTTP/1.1\r\n",
                "GET /\tHTTP/1.1\r\n",
                "GET / a HTTP/1.1\r\n",
                "G@T / HTTP/1.1\r\n",
                "G\u00C9T / HTTP/1.1\r\n",
                "GET / http/1.1\r\n",
                "GET / HTTP/1.10\r\n",
                "GET / HTTP/11\r\n",
                "GET a HTTP/1.1\r\n",
                "GET * HTTP/1.1\r\n",
                "GET /#a HTTP/1.1\r\n",
                "GET /\u00E9 HTTP/1.1\r\n",
                "\r\nGET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\n"
            })
    @Tag("hostile-13")
    void refusesOddRequestLines(String line) {
        refused(400, line + HOST + "\r\n");
    }

    @Test
    void knowsTwoVersionsOfHttp() {
        refused(505, "GET / HTTP/2.0\r\n" + HOST + "\r\n");
        refused(505, "GET / HTTP/0.9\r\n\r\n");
        refused(505, "GET / HTTP/1.2\r\n" + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: a\n",
                "X: a\r\rb\r\n",
                "X: a\rb\r\n",
                "X: a\u0000b\r\n",
                "X: a\u0001b\r\n",
                "X: a\u007Fb\r\n",
                "X: a\r\n folded\r\n",
                "X: a\r\n\tfolded\r\n",
                "X : a\r\n",
                "X\t: a\r\n",
                ": a\r\n",
                "X\r\n",
                "X(: a\r\n",
                "\u00C9: a\r\n"
            })
    @Tag("hostile-13")
    @Tag("W3")
    void refusesOddHeaderLines(String lines) {
        refused(400, "GET / HTTP/1.1\r\n" + HOST + lines + "\r\n");
        refused(400, "GET / HTTP/1.1\r\n" + lines + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: a\r\nHost: a\r\n",
                "Host: a\r\nHOST: b\r\n",
                "Host: a b\r\n",
                "Host: a, b\r\n",
                "Host: a/b\r\n",
                "Host: user@a\r\n",
                "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                "Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                "Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
                "Host: a\r\nContent-Length: 1, 1\r\n",
                "Host: a\r\nContent-Length: +1\r\n",
                "Host: a\r\nContent-Length: -1\r\n",
                "Host: a\r\nContent-Length: 0x1\r\n",
                "Host: a\r\nContent-Length:\r\n",
                "Host: a\r\nContent-Length: 9999999999999999999\r\n",
                "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n",
                "Host: a\r\nTransfer-Encoding: xchunked\r\n",
                "Host: a\r\nTransfer-Encoding:\r\n",
                "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
            })
    @Tag("hostile-14")
    @Tag("W3")
    void refusesWhatSmugglersSend(String headers) {
        refused(400, "POST / HTTP/1.1\r\n" + headers + "\r\n");
    }

    @Test
    @Tag("W3")
    void refusesChunksOfHttp10() {
        refused(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Test
    void tellsOfABody() throws HeadCheck.RefusedException {
        assertThat(announcesBody("Content-Length: 0")).isFalse();
        assertThat(announcesBody("Content-Length: 1")).isTrue();
        assertThat(announcesBody("Transfer-Encoding: chunked")).isTrue();
        assertThat(announcesBody("X: a")).isFalse();
    }

    private static boolean announcesBody(String header) throws HeadCheck.RefusedException {
        HeadCheck check = new HeadCheck(LIMITS);
        String head = "POST / HTTP/1.1\r\n" + HOST + header + "\r\n\r\n5\r\n";
        assertThat(check.isComplete(Unpooled.copiedBuffer(head, StandardCharsets.US_ASCII))).isTrue();
        return check.announcesBody();
    }

    @Test
    @Tag("hostile-11")
    void limitsTheRequestLineToTheByte() {
        String rest = " HTTP/1.1\r\n" + HOST + "\r\n";
        taken("GET /" + "a".repeat(100 - 14) + rest);
        refused(414, "GET /" + "a".repeat(100 - 13) + rest);
    }

    @Test
    @Tag("hostile-11")
    void limitsTheHeadersToTheByte() {
        int others = HOST.length() + "X: \r\n".length();
        taken("GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(200 - others) + "\r\n\r\n");
        refused(431, "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(201 - others) + "\r\n\r\n");
    }

    @Test
    @Tag("hostile-11")
    void limitsTheNumberOfHeaders() {
        taken("GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(4) + "\r\n");
        refused(431, "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n".repeat(5) + "\r\n");
    }

    @Test
    @Tag("hostile-11")
    void refusesAnEndlessLineBeforeItEnds() {
        ByteBuf line = Unpooled.copiedBuffer("GET /" + "a".repeat(200), StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> new HeadCheck(LIMITS).isComplete(line))
                .isInstanceOfSatisfying(HeadCheck.RefusedException.class, e -> assertThat(e.refusal().status())
                        .isEqualTo(414));
        ByteBuf header = Unpooled.copiedBuffer("GET / HTTP/1.1\r\nX: " + "a".repeat(200), StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> new HeadCheck(LIMITS).isComplete(header))
                .isInstanceOfSatisfying(HeadCheck.RefusedException.class, e -> assertThat(e.refusal().status())
                        .isEqualTo(431));
    }
}
