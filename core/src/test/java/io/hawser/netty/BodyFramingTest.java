// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each body is read in one piece and split at every byte. */
class BodyFramingTest {
    private static final HeadLimits LIMITS = new HeadLimits(100, 40, 3);
    private static final String NEXT = "GET / HTTP/1.1\r\n";

    /** What a body is, behind it in brackets what is left for the next request; or the status that it is refused with. */
    private static String read(Supplier<BodyFraming> framing, String bytes) {
        String whole = read(framing.get(), bytes, bytes.length());
        for (int cut = 0; cut < bytes.length(); cut++) {
            assertThat(read(framing.get(), bytes, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
        return whole;
    }

    private static String read(BodyFraming framing, String bytes, int cut) {
        ByteBuf in = Unpooled.buffer();
        StringBuilder data = new StringBuilder();
        try {
            for (String part : new String[] {bytes.substring(0, cut), bytes.substring(cut)}) {
                in.writeCharSequence(part, StandardCharsets.ISO_8859_1);
                int ready;
                while ((ready = framing.dataIn(in)) > 0) {
                    data.append(in.readCharSequence(ready, StandardCharsets.ISO_8859_1));
                    framing.onTaken(ready);
                }
            }
        } catch (HeadCheck.RefusedException e) {
            return "" + e.refusal().status();
        }
        return data + (framing.isComplete() ? "[" + in.toString(StandardCharsets.ISO_8859_1) + "]" : "...");
    }

    private static String chunked(String bytes) {
        return read(() -> BodyFraming.chunked(LIMITS), bytes);
    }

    private static String sized(long length, String bytes) {
        return read(() -> BodyFraming.ofLength(length, LIMITS), bytes);
    }

    @Test
    @Tag("W1")
    void endsWithTheLength() {
        assertThat(sized(5, "hello" + NEXT)).isEqualTo("hello[" + NEXT + "]");
        assertThat(sized(5, "hell")).isEqualTo("hell...");
        assertThat(sized(0, NEXT)).isEqualTo("[" + NEXT + "]");
    }

    @Test
    @Tag("W1")
    void endsWithTheLastChunk() {
        assertThat(chunked("5\r\nhello\r\n0\r\n\r\n" + NEXT)).isEqualTo("hello[" + NEXT + "]");
        assertThat(chunked("1\r\na\r\n0000000002\r\nbc\r\n00\r\n\r\n")).isEqualTo("abc[]");
        assertThat(chunked("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n")).isEqualTo("01234567890123456789[]");
        assertThat(chunked("0\r\n\r\n" + NEXT)).isEqualTo("[" + NEXT + "]");
        assertThat(chunked("5\r\n\r\n0\r\n\r\n")).as("what looks like the end within a chunk").isEqualTo("\r\n0\r\n...");
    }

    @Test
    void ignoresExtensions() {
        assertThat(chunked("5;a\r\nhello\r\n0;b=c\r\n\r\n")).isEqualTo("hello[]");
        assertThat(chunked("5 ; a=\"b\u00E9 ;\"\r\nhello\r\n0 \t; a = b;c\r\n\r\n")).isEqualTo("hello[]");
        assertThat(chunked("5;a=\"\\\"\r\"".replace("\r", "") + "\r\nhello\r\n0\r\n\r\n")).isEqualTo("hello[]");
    }

    @Test
    void dropsTrailers() {
        assertThat(chunked("1\r\na\r\n0\r\nX: y\r\nZ:\r\n\r\n" + NEXT)).isEqualTo("a[" + NEXT + "]");
        assertThat(chunked("1\r\na\r\n0\r\nContent-Length: 9\r\n\r\n" + NEXT)).isEqualTo("a[" + NEXT + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x5\r\n", "5 5\r\n", " 5\r\n", "5 \r\n", ";a\r\n", "g\r\n", "\u0665\r\n",
                "8000000000000000\r\n", "10000000000000000\r\n", "5;\r\n", "5;=\r\n", "5;a=\r\n", "5;a b\r\n", "5;a=\"b\r\n", "5;a=\"b\"c\r\n", "5;a,b\r\n", "5;a \r\n", "5;\u00E9\r\n", "5\n", "5\rX", "5;a\n", "5;a\rb\r\n", "5;\0\r\n", "5\t\n", "\u00B2\r\n", "5,5\r\n"
            })
    @Tag("W3")
    @Tag("hostile-14")
    void refusesABadSize(String line) {
        assertThat(chunked(line)).isEqualTo("400");
        assertThat(chunked("3\r\nabc\r\n" + line)).isEqualTo("400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcd\r\n", "abc\n", "abc\r\r\n", "abc\rX", "abc0\r\n\r\n"})
    @Tag("W3")
    @Tag("hostile-14")
    void refusesAChunkThatDoesNotEndWhereItSaid(String chunk) {
        assertThat(chunked("3\r\n" + chunk)).isEqualTo("400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X\r\n", "X y: z\r\n", ": y\r\n", " X: y\r\n", "X: y\n", "X: y\r\r\n", "X: \0\r\n", "X: y\r\n z\r\n", "\n", "\rX", "\u00E9: y\r\n"})
    @Tag("W3")
    @Tag("hostile-13")
    void refusesAMalformedTrailer(String trailer) {
        assertThat(chunked("0\r\n" + trailer + "\r\n")).isEqualTo("400");
    }

    @Test
    @Tag("hostile-11")
    void limitsTrailers() {
        assertThat(chunked("0\r\nX: " + "y".repeat(37) + "\r\n\r\n")).isEqualTo("[]");
        assertThat(chunked("0\r\nX: " + "y".repeat(38) + "\r\n\r\n")).isEqualTo("431");
        assertThat(chunked("0\r\na:\r\nb:\r\nc:\r\n\r\n")).isEqualTo("[]");
        assertThat(chunked("0\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n")).isEqualTo("431");
    }

    /** As much as there is data, and a head's size more. */
    @Test
    @Tag("hostile-11")
    void limitsExtensions() {
        String many = "1;a\r\nx\r\n";
        assertThat(chunked("1;" + "a".repeat(39) + "\r\nx\r\n0\r\n\r\n")).isEqualTo("x[]");
        assertThat(chunked("1;" + "a".repeat(40) + "\r\n")).isEqualTo("400");
        assertThat(chunked(many.repeat(30))).startsWith("xxxx");
        assertThat(chunked(many.repeat(60))).isEqualTo("400");
        assertThat(chunked("4;a\r\nabcd\r\n".repeat(100))).endsWith("...");
    }

    @Test
    void knowsHowMuchIsLeft() throws HeadCheck.RefusedException {
        BodyFraming framing = BodyFraming.ofLength(1L << 40, LIMITS);
        assertThat(framing.knownLeft()).isEqualTo(1L << 40);
        framing = BodyFraming.chunked(LIMITS);
        assertThat(framing.knownLeft()).isZero();
        framing.dataIn(Unpooled.copiedBuffer("100000\r\n", StandardCharsets.US_ASCII));
        assertThat(framing.knownLeft()).isEqualTo(1 << 20);
    }
}
