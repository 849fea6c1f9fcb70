// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

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
    private static final int MAX_LENGTH_DIGITS = 19;
    /** How many bytes are looked at together: one at a time, a buffer checks its bounds for each. */
    private static final int PIECE_BYTES = 1 << 10;

    private final HeadLimits limits;

    /** How many bytes of the head were looked at, and where among them the present line begins. */
    private int scanned;

    private int lineStart;
    /** Whether the last byte was a CR. */
    private boolean cr;
    /** Where the present line's name ends; negative if it has not, so far. */
    private int colon = -1;

    private boolean nameIsToken = true;
    private int lines;
    private int headerStart;
    private int hosts;
    private String target = "";
    private int lengths;
    private int codings;
    private boolean http11;
    private boolean head;
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
        int available = in.readableBytes();
        while (scanned < available) {
            if (endsWithin(new Piece(in, scanned, Math.min(available - scanned, PIECE_BYTES)))) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of a head that have come together. */
    private static final class Piece {
        private final byte[] bytes;
        /** Where in the head they begin. */
        private final int first;

        private final ByteBuf in;

        /** Takes the bytes of a buffer that begins with the head, from an index of the head on. */
        Piece(ByteBuf in, int first, int length) {
            this.in = in;
            this.first = first;
            bytes = new byte[length];
            in.getBytes(in.readerIndex() + first, bytes);
        }

        /** A byte of the head, from 0 to 255; of this piece. */
        int get(int at) {
            return bytes[at - first] & 0xFF;
        }

        int end() {
            return first + bytes.length;
        }

        /** A part of the head, which may have begun in an earlier piece. */
        String text(int from, int to) {
            return from < first
                    ? in.toString(in.readerIndex() + from, to - from, StandardCharsets.ISO_8859_1)
                    : new String(bytes, from - first, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether the head is complete with these bytes, the next ones, or some of them. */
    private boolean endsWithin(Piece piece) throws RefusedException {
        while (scanned < piece.end()) {
            int b = piece.get(scanned++);
            if (cr) {
                if (b != '\n') {
                    throw bad("a CR without its LF");
                }
                cr = false;
                if (endLine(piece)) {
                    return true;
                }
            } else if (b == '\r') {
                cr = true;
            } else {
                look(b);
                skipPlain(piece);
            }
        }
        return false;
    }

    /** Goes over bytes that mean nothing by themselves, up to the limit, which is most of them. */
    private void skipPlain(Piece piece) {
        long limit = lines == 0 ? (long) lineStart + limits.requestLineBytes() : (long) headerStart + limits.headerBytes();
        int first = piece.first;
        int end = (int) Math.min(piece.end(), limit) - first;
        int from = scanned - first;
        if (from < end) {
            boolean inName = lines > 0 && colon < 0;
            scanned = first + (inName ? Octets.endOfToken(piece.bytes, from, end) : Octets.endOfText(piece.bytes, from, end));
        }
    }

    private void look(int b) throws RefusedException {
        if (b == '\n') {
            throw bad("a line that ends with a bare LF");
        }
        if (Octets.isControl(b)) {
            throw bad("a control character in the head");
        }
        if (colon < 0) {
            if (b == ':') {
                colon = scanned - 1;
            } else {
                nameIsToken &= Octets.isToken(b);
            }
        }
        checkSize();
    }

    /** Whether some of the head has come. */
    boolean hasBegun() {
        return scanned > 0;
    }

    /** Whether the request is a HEAD, as far as its first line has come. */
    boolean isHead() {
        return head;
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
    private boolean endLine(Piece piece) throws RefusedException {
        int end = scanned - 2;
        if (end == lineStart) {
            if (lines == 0) {
                throw bad("an empty line in front of the request line");
            }
            checkWhole();
            return true;
        }
        if (lines == 0) {
            checkRequestLine(piece.text(lineStart, end));
            headerStart = scanned;
        } else {
            checkHeaderSize();
            checkHeader(piece, end);
        }
        if (lines > limits.headers()) {
            throw new RefusedException(HEADERS_TOO_LARGE, "more than " + limits.headers() + " headers");
        }
        lines++;
        lineStart = scanned;
        colon = -1;
        nameIsToken = true;
        return false;
    }

    private void checkRequestLine(String line) throws RefusedException {
        head = line.startsWith("HEAD ");
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first <= 0 || second < 0 || line.indexOf(' ', second + 1) >= 0 || !isToken(line, first)) {
            throw bad("the request line is not METHOD TARGET VERSION");
        }
        http11 = line.startsWith("HTTP/1.1", second + 1);
        if (line.length() != second + 9 || !http11 && !line.startsWith("HTTP/1.0", second + 1)) {
            if (isVersion(line.substring(second + 1))) {
                throw new RefusedException(VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here");
            }
            throw bad("the request line does not end in a version of HTTP");
        }
        target = line.substring(first + 1, second);
        if (!RequestTarget.isWellFormed(line.substring(0, first), target)) {
            throw bad("the request's target is none");
        }
    }

    /** RFC 9112 2.3: HTTP-version = HTTP-name "/" DIGIT "." DIGIT. */
    private static boolean isVersion(String text) {
        return text.length() == 8 && text.startsWith("HTTP/") && isDigit(text.charAt(5)) && text.charAt(6) == '.' && isDigit(text.charAt(7));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isToken(String text, int end) {
        for (int i = 0; i < end; i++) {
            if (!Octets.isToken(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void checkHeader(Piece piece, int end) throws RefusedException {
        int nameLength = colon - lineStart;
        if (nameLength <= 0 || !nameIsToken) {
            String line = piece.text(lineStart, end);
            // RFC 9112 5.2: a server that receives an obs-fold MUST either reject or replace it; 5.1: MUST reject any request with whitespace
            // between a field name and the colon.
            throw bad(line.startsWith(" ") || line.startsWith("\t") ? "a folded header line" : "a header line that is not NAME: VALUE");
        }
        // Only these matter here; of all others no more is read than has been.
        switch (nameLength) {
            case 4 -> checkIfNamed("host:", piece.text(lineStart, end));
            case 14 -> checkIfNamed("content-length:", piece.text(lineStart, end));
            case 17 -> checkIfNamed("transfer-encoding:", piece.text(lineStart, end));
            default -> {}
        }
    }

    private void checkIfNamed(String name, String line) throws RefusedException {
        if (!line.regionMatches(true, 0, name, 0, name.length())) {
            return;
        }
        String value = line.substring(name.length()).strip();
        switch (name) {
            case "host:" -> checkHost(value);
            case "content-length:" -> checkLength(value);
            default -> checkCoding(value);
        }
    }

    private void checkHost(String value) throws RefusedException {
        hosts++;
        if (!value.isEmpty() && !RequestTarget.isAuthority(value) || !RequestTarget.agrees(target, value)) {
            throw bad("a Host that is not a host, or not the target's");
        }
    }

    private void checkLength(String value) throws RefusedException {
        lengths++;
        boolean digits = !value.isEmpty();
        for (int i = 0; digits && i < value.length(); i++) {
            digits = isDigit(value.charAt(i));
        }
        if (!digits || value.length() > MAX_LENGTH_DIGITS) {
            throw bad("a Content-Length that is not a number");
        }
        try {
            length = Long.parseLong(value);
        } catch (NumberFormatException e) { // 19 digits may be too many
            throw bad("a Content-Length that is not a number");
        }
    }

    private void checkCoding(String value) throws RefusedException {
        codings++;
        if (!value.equalsIgnoreCase("chunked")) {
            throw bad("a Transfer-Encoding other than chunked");
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

    private static RefusedException bad(String reason) {
        return new RefusedException(BAD_REQUEST, reason);
    }
}
