// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the raw bytes of a request's head before they are parsed, since a parser that joins folded lines, or takes the first of two
 * Hosts, has hidden what an attacker and a proxy in front disagree about (RFC 9112, 2.2, 3.2, 5.1, 6.3). One pass over the bytes, however
 * they are cut.
 */
final class HeadCheck {
    private static final int URI_TOO_LONG = 414;
    private static final int HEADERS_TOO_LARGE = 431;
    private static final int BAD_REQUEST = 400;
    private static final int VERSION_NOT_SUPPORTED = 505;
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private final HeadLimits limits;

    /** How many bytes of the head were looked at, and where among them the present line begins. */
    private int scanned;

    private int lineStart;
    private int lines;
    private int headerStart;
    private int hosts;
    private String target = "";
    private int lengths;
    private int codings;
    private boolean http11;
    private long length;

    HeadCheck(HeadLimits limits) {
        this.limits = limits;
    }

    /** What to answer to a head that must not be parsed. */
    record Refusal(int status, String reason) {}

    /** A head that breaks a rule; without a stack trace, as it is the peer's fault. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        RefusedException(int status, String reason) {
            super(reason, null, false, false);
            refusal = new Refusal(status, reason);
        }

        Refusal refusal() {
            return refusal;
        }
    }

    /**
     * Looks at the bytes that have come since the last call.
     *
     * @param in begins with the head; its indices stay
     * @return whether the head is complete, and fit to be parsed
     */
    boolean isComplete(ByteBuf in) throws RefusedException {
        int start = in.readerIndex();
        int available = in.readableBytes();
        while (scanned < available) {
            int b = in.getUnsignedByte(start + scanned++);
            if (b == '\n') {
                if (endLine(in, start)) {
                    return true;
                }
            } else if (scanned - 2 >= lineStart && in.getByte(start + scanned - 2) == '\r') {
                throw bad("a CR without its LF");
            } else if (b < ' ' && b != '\r' && b != '\t' || b == 0x7F) {
                throw bad("a control character in the head");
            } else if (b != '\r') {
                checkSize();
            }
        }
        return false;
    }

    /** How many bytes the head is long; once it is complete. */
    int headBytes() {
        return scanned;
    }

    /** Whether some of the head has come. */
    boolean hasBegun() {
        return scanned > 0;
    }

    /** Whether the request has a body. */
    boolean announcesBody() {
        return codings > 0 || length > 0;
    }

    /** How its body is framed. */
    BodyFraming body() {
        // RFC 9112 6.3: a request with neither has no body.
        return codings > 0 ? BodyFraming.chunked(limits) : BodyFraming.ofLength(length, limits);
    }

    private void checkSize() throws RefusedException {
        if (lines == 0 && scanned - lineStart > limits.requestLineBytes()) {
            throw new RefusedException(URI_TOO_LONG, "the request line is longer than " + limits.requestLineBytes() + " bytes");
        }
        if (lines > 0) {
            checkHeaderSize();
        }
    }

    private void checkHeaderSize() throws RefusedException {
        if (scanned - headerStart > limits.headerBytes()) {
            throw new RefusedException(HEADERS_TOO_LARGE, "the headers are larger than " + limits.headerBytes() + " bytes");
        }
    }

    /** Whether the line that ends here was the head's last. */
    private boolean endLine(ByteBuf in, int start) throws RefusedException {
        int end = scanned - 2;
        if (end < lineStart || in.getByte(start + end) != '\r') {
            throw bad("a line that ends with a bare LF");
        }
        String line = in.toString(start + lineStart, end - lineStart, StandardCharsets.ISO_8859_1);
        lineStart = scanned;
        if (line.isEmpty()) {
            if (lines == 0) {
                throw bad("an empty line in front of the request line");
            }
            checkWhole();
            return true;
        }
        if (lines == 0) {
            checkRequestLine(line);
            headerStart = scanned;
        } else {
            checkHeaderSize();
            checkHeader(line);
        }
        if (lines > limits.headers()) {
            throw new RefusedException(HEADERS_TOO_LARGE, "more than " + limits.headers() + " headers");
        }
        lines++;
        return false;
    }

    private void checkRequestLine(String line) throws RefusedException {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0])) {
            throw bad("the request line is not METHOD TARGET VERSION");
        }
        if (!parts[2].matches("HTTP/[0-9]\\.[0-9]")) {
            throw bad("the request line does not end in a version of HTTP");
        }
        http11 = parts[2].equals("HTTP/1.1");
        if (!http11 && !parts[2].equals("HTTP/1.0")) {
            throw new RefusedException(VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        target = parts[1];
        if (!RequestTarget.isWellFormed(parts[0], target)) {
            throw bad("the request's target is none");
        }
    }

    private void checkHeader(String line) throws RefusedException {
        if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
            // RFC 9112 5.2: a server that receives an obs-fold MUST either reject or replace it.
            throw bad("a folded header line");
        }
        int colon = line.indexOf(':');
        if (colon < 0 || !isToken(line.substring(0, colon))) {
            // RFC 9112 5.1: MUST reject any request with whitespace between a field name and the colon.
            throw bad("a header line that is not NAME: VALUE");
        }
        String name = line.substring(0, colon);
        String value = line.substring(colon + 1).strip();
        if (name.equalsIgnoreCase("Host")) {
            hosts++;
            if (!value.isEmpty() && !RequestTarget.isAuthority(value) || !RequestTarget.agrees(target, value)) {
                throw bad("a Host that is not a host, or not the target's");
            }
        } else if (name.equalsIgnoreCase("Content-Length")) {
            lengths++;
            if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw bad("a Content-Length that is not a number");
            }
            length = Long.parseLong(value);
        } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
            codings++;
            if (!value.equalsIgnoreCase("chunked")) {
                throw bad("a Transfer-Encoding other than chunked");
            }
        }
    }

    private void checkWhole() throws RefusedException {
        if (hosts > 1 || hosts == 0 && http11) {
            // RFC 9112 3.2: MUST respond with 400 to any HTTP/1.1 request that lacks a Host, and to any that has more than one.
            throw bad("a request has one Host");
        }
        if (lengths + codings > 1) {
            // RFC 9112 6.3: such a message might indicate an attempt to perform request smuggling.
            throw bad("a request has one Content-Length or one Transfer-Encoding");
        }
        if (codings > 0 && !http11) {
            throw bad("HTTP/1.0 has no Transfer-Encoding");
        }
    }

    private static boolean isToken(@Nullable String text) {
        return text != null
                && !text.isEmpty()
                && text.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0);
    }

    private static RefusedException bad(String reason) {
        return new RefusedException(BAD_REQUEST, reason);
    }
}
