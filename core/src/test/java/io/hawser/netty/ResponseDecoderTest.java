// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("hostile-15")
@ExtendWith(LeakCheck.class)
class ResponseDecoderTest {
    private static final int MAX_BYTES = 200;
    private static final String EARLY = "HTTP/1.1 103 Early Hints\r\n\r\n";
    private static final String TOO_LONG = "its head is longer than 200 bytes";

    /** What comes of bytes that arrive in two pieces: statuses, faults, and what is passed on when the decoder goes. */
    private static List<String> decoded(String bytes, int cut) {
        EmbeddedChannel channel = new EmbeddedChannel(new ResponseDecoder(MAX_BYTES));
        for (String piece : List.of(bytes.substring(0, cut), bytes.substring(cut))) {
            ByteBuf in = channel.alloc().directBuffer();
            in.writeCharSequence(piece, StandardCharsets.ISO_8859_1);
            channel.writeInbound(in);
        }
        channel.pipeline().remove(ResponseDecoder.class);
        List<String> found = new ArrayList<>();
        Object message;
        while ((message = channel.readInbound()) != null) {
            if (message instanceof HttpResponse response) {
                boolean failed = response.decoderResult().isFailure();
                found.add(failed ? response.decoderResult().cause().getMessage() : response.status().codeAsText().toString());
            } else if (message instanceof ByteBuf rest) {
                found.add(rest.toString(StandardCharsets.ISO_8859_1));
            }
            ReferenceCountUtil.release(message);
        }
        channel.finishAndReleaseAll();
        return found;
    }

    /** A head of so many bytes, of which the first line is so long. */
    private static String head(String status, int lineBytes, int bytes) {
        String line = "HTTP/1.1 " + status + " ";
        line += "y".repeat(lineBytes - line.length()) + "\r\n";
        return line + "X: " + "x".repeat(bytes - line.length() - 7) + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100, 180})
    void boundsTheWholeOfAHead(int lineBytes) {
        String fits = head("101", lineBytes, MAX_BYTES);
        String longer = head("101", lineBytes, MAX_BYTES + 1);
        assertThat(fits).hasSize(MAX_BYTES);
        for (int cut = 0; cut <= MAX_BYTES; cut++) {
            assertThat(decoded(fits + "frames", cut)).as("cut at %s", cut).containsExactly("101", "frames");
            assertThat(decoded(longer + "frames", cut)).as("cut at %s", cut).containsExactly(TOO_LONG);
        }
    }

    @Test
    void boundsAHeadThatNeverEnds() {
        assertThat(decoded("x".repeat(300_000), 201)).containsExactly(TOO_LONG);
        assertThat(decoded("HTTP/1.1 101 Yes\r\n" + "X: y\r\n".repeat(50_000), 10)).containsExactly(TOO_LONG);
    }

    @Test
    void boundsEachOfSeveralHeads() {
        String all = EARLY.repeat(10) + head("101", 20, MAX_BYTES);
        assertThat(decoded(all, 0)).hasSize(11).endsWith("103", "101");
        assertThat(decoded(EARLY + head("503", 20, MAX_BYTES + 1), 0)).containsExactly("103", TOO_LONG);
    }

    @Test
    void leavesABodyUnbounded() {
        assertThat(decoded("HTTP/1.1 404 No\r\nContent-Length: 5000\r\n\r\n" + "x".repeat(5000), 1000)).containsExactly("404");
    }
}
