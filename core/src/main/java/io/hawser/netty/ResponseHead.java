// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Response;
import io.hawser.http.Delivery;
import io.hawser.http.HeaderFields;
import io.hawser.http.HttpDate;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.IntStream;

/** The head of a response in the bytes of HTTP/1.1 (RFC 9112, 4 and 5). */
final class ResponseHead {
    /** How large it is, mostly. */
    static final int USUAL_BYTES = 256;

    /** For each status, though few are used. */
    private static final String[] STATUS_LINES = IntStream.range(0, 600)
            .mapToObj(status -> "HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n")
            .toArray(String[]::new);

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

        String at(long epochSecond) {
            if (epochSecond != second) {
                second = epochSecond;
                date = HttpDate.format(Instant.ofEpochSecond(second));
            }
            return date;
        }
    }

    /** Writes the head of a response that is no 101; on a loop. */
    static void write(ByteBuf out, Response response, Delivery delivery) {
        StringBuilder head = begin(response);
        String date = TODAY.get().at(System.currentTimeMillis() / 1000);
        HeaderFields.forEach(response, delivery, date, (name, value) -> append(head, name, value));
        end(head, out);
    }

    /** Writes the head of a 101, whose fields are the handshake's and the application's. */
    static void writeSwitching(ByteBuf out, Response response) {
        StringBuilder head = begin(response);
        response.forEachHeader((name, value) -> append(head, name, value));
        end(head, out);
    }

    private static StringBuilder begin(Response response) {
        return new StringBuilder(USUAL_BYTES).append(STATUS_LINES[response.status()]);
    }

    private static void append(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /** At once, as a buffer takes a text byte by byte. */
    private static void end(StringBuilder head, ByteBuf out) {
        out.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
