// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Response;
import io.hawser.http.Delivery;
import io.hawser.http.HeaderFields;
import io.hawser.http.HttpDate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.IntStream;

/** The head of a response in the bytes of HTTP/1.1 (RFC 9112, 4 and 5). */
final class ResponseHead {
    /** How large it is, mostly. */
    static final int USUAL_BYTES = 256;

    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_BLANK = ':' << 8 | ' ';

    /** For each status, though few are used. */
    private static final byte[][] STATUS_LINES = IntStream.range(0, 600)
            .mapToObj(status -> ("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n").getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    private static final FastThreadLocal<Today> TODAY = new FastThreadLocal<>() {
        @Override
        protected Today initialValue() {
            return new Today();
        }
    };

    private ResponseHead() {}

    /** What {@code Date} says in a second; one a loop. */
    private static final class Today {
        private long second = Long.MIN_VALUE;
        private String date = "";

        String at(Instant now) {
            if (now.getEpochSecond() != second) {
                second = now.getEpochSecond();
                date = HttpDate.format(now);
            }
            return date;
        }
    }

    /** Writes the head of a response that is no 101; on a loop. */
    static void write(ByteBuf out, Response response, Delivery delivery) {
        out.writeBytes(STATUS_LINES[response.status()]);
        HeaderFields.forEach(
                response, delivery, TODAY.get().at(Instant.now()), (name, value) -> writeField(out, name, value));
        out.writeShort(CRLF);
    }

    /** Writes the head of a 101, whose fields are the handshake's and the application's. */
    static void writeSwitching(ByteBuf out, Response response) {
        out.writeBytes(STATUS_LINES[response.status()]);
        response.forEachHeader((name, value) -> writeField(out, name, value));
        out.writeShort(CRLF);
    }

    private static void writeField(ByteBuf out, String name, String value) {
        ByteBufUtil.writeAscii(out, name);
        out.writeShort(COLON_BLANK);
        ByteBufUtil.writeAscii(out, value);
        out.writeShort(CRLF);
    }
}
