// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.http.HeadLimits;
import io.netty.buffer.ByteBuf;

/**
 * Tells a request's body from what frames it (RFC 9112, 6 and 7), strictly: where a server and a proxy in front of it disagree about a
 * body's end, the rest of it becomes somebody's request. One pass over the bytes, however they are cut. Confined to the channel's loop.
 */
final class BodyFraming {
    private static final int BAD_REQUEST = 400;
    private static final int HEADERS_TOO_LARGE = 431;

    private final HeadLimits limits;
    private State state;
    /** Of the body, or of the present chunk of it. */
    private long left;

    private boolean hasSize;
    /** Whether blanks have come behind what an extension's name or value may be followed by. */
    private boolean blank;

    /** All that has come in chunks, and what their extensions took beside it. */
    private long chunkBytes;

    private long extensionBytes;
    private int trailerBytes;
    private int trailers;

    /** What the next byte belongs to. */
    private enum State {
        SIZED_DATA,
        SIZE,
        EXTENSION,
        EXTENSION_NAME,
        EXTENSION_EQUALS,
        EXTENSION_VALUE,
        EXTENSION_QUOTED,
        EXTENSION_ESCAPE,
        EXTENSION_END,
        SIZE_LF,
        CHUNK_DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        COMPLETE
    }

    private BodyFraming(State state, long left, HeadLimits limits) {
        this.state = state;
        this.left = left;
        this.limits = limits;
    }

    /** A body of so many bytes. */
    static BodyFraming ofLength(long bytes, HeadLimits limits) {
        return new BodyFraming(bytes == 0 ? State.COMPLETE : State.SIZED_DATA, bytes, limits);
    }

    /** A body in chunks. */
    static BodyFraming chunked(HeadLimits limits) {
        return new BodyFraming(State.SIZE, 0, limits);
    }

    /** Whether nothing more of the body comes. */
    boolean isComplete() {
        return state == State.COMPLETE;
    }

    /** How many bytes of data will come, as far as that is known. */
    long knownLeft() {
        return left;
    }

    /**
     * Skips framing up to the next data.
     *
     * @return how many bytes of data begin the buffer then; zero if more must come, or the body is {@linkplain #isComplete complete}
     * @throws HeadCheck.RefusedException if the framing breaks a rule, or is larger than a head may be
     */
    int dataIn(ByteBuf in) throws HeadCheck.RefusedException {
        while (!isData() && state != State.COMPLETE && in.isReadable()) {
            state = next(in.readUnsignedByte());
        }
        return isData() ? (int) Math.min(left, in.readableBytes()) : 0;
    }

    private boolean isData() {
        return state == State.CHUNK_DATA || state == State.SIZED_DATA;
    }

    /** So many bytes of data have been taken. */
    void onTaken(int bytes) {
        left -= bytes;
        if (left == 0) {
            state = state == State.CHUNK_DATA ? State.DATA_CR : State.COMPLETE;
        }
    }

    private State next(int b) throws HeadCheck.RefusedException {
        return switch (state) {
            case SIZE -> inSize(b);
            case EXTENSION, EXTENSION_NAME, EXTENSION_EQUALS, EXTENSION_VALUE, EXTENSION_QUOTED, EXTENSION_ESCAPE, EXTENSION_END ->
                inExtension(b);
            case SIZE_LF -> chunk(expect('\n', b));
            // RFC 9112 2.2: a bare LF may be taken for a line's end, and a proxy in front may not: so it is not taken for one here.
            case DATA_CR -> after(expect('\r', b), State.DATA_LF);
            case DATA_LF -> after(expect('\n', b), State.SIZE);
            case TRAILER, TRAILER_NAME, TRAILER_VALUE -> inTrailer(b);
            case TRAILER_LF -> after(expect('\n', b), State.TRAILER);
            case LAST_LF -> after(expect('\n', b), State.COMPLETE);
            case SIZED_DATA, CHUNK_DATA, COMPLETE -> throw new IllegalStateException("no framing in " + state);
        };
    }

    private static State after(int ignored, State next) {
        return next;
    }

    private static int expect(int wanted, int b) throws HeadCheck.RefusedException {
        if (b != wanted) {
            throw bad(wanted == '\r' ? "a chunk that is longer than its size" : "a CR without its LF");
        }
        return b;
    }

    /** RFC 9112 7.1: chunk-size = 1*HEXDIG, and recipients MUST anticipate potentially large hexadecimal numerals. */
    private State inSize(int b) throws HeadCheck.RefusedException {
        int digit = b < 128 ? Character.digit(b, 16) : -1;
        if (digit >= 0 && !blank) {
            if (left > Long.MAX_VALUE >> 4) {
                throw bad("a chunk size that is larger than any body");
            }
            if (left == 0 && digit == 0) {
                countExtension(); // no bound on zeros but this
            }
            hasSize = true;
            left = left << 4 | digit;
            return State.SIZE;
        }
        if (!hasSize) {
            throw bad("a chunk size that is not a number in hexadecimal");
        }
        return behindExtension(b, State.SIZE);
    }

    /** 7.1.1: chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ), of which a recipient MUST ignore what it does not know. */
    private State inExtension(int b) throws HeadCheck.RefusedException {
        countExtension();
        boolean isBlank = b == ' ' || b == '\t';
        return switch (state) {
            case EXTENSION -> isBlank ? state : begin(b, State.EXTENSION_NAME);
            case EXTENSION_EQUALS -> isBlank ? state : b == '"' ? State.EXTENSION_QUOTED : begin(b, State.EXTENSION_VALUE);
            case EXTENSION_QUOTED -> b == '"' ? State.EXTENSION_END : b == '\\' ? State.EXTENSION_ESCAPE : quoted(b);
            case EXTENSION_ESCAPE -> quoted(b);
            case EXTENSION_NAME, EXTENSION_VALUE -> Octets.isToken(b) && !blank ? state : behindExtension(b, state);
            default -> behindExtension(b, state);
        };
    }

    private State begin(int b, State next) throws HeadCheck.RefusedException {
        if (!Octets.isToken(b)) {
            throw bad("a chunk extension that is not NAME or NAME=VALUE");
        }
        blank = false;
        return next;
    }

    private static State quoted(int b) throws HeadCheck.RefusedException {
        if (Octets.isControl(b)) {
            throw bad("a control character in a chunk extension");
        }
        return State.EXTENSION_QUOTED;
    }

    /** What may follow the size, a name or a value. */
    private State behindExtension(int b, State blanks) throws HeadCheck.RefusedException {
        if (b == ' ' || b == '\t') {
            countExtension();
            blank = true;
            return blanks;
        }
        boolean afterBlank = blank;
        blank = false;
        if (b == '\r' && !afterBlank) {
            return State.SIZE_LF;
        }
        if (b == ';') {
            return State.EXTENSION;
        }
        if (b == '=' && blanks == State.EXTENSION_NAME) {
            return State.EXTENSION_EQUALS;
        }
        throw bad(blanks == State.SIZE ? "a chunk size that is not a number in hexadecimal" : "a chunk extension that is not NAME or NAME=VALUE");
    }

    /** As much as there is data, and a head's size in front of that: who sends little but extensions keeps the server busy for nothing. */
    private void countExtension() throws HeadCheck.RefusedException {
        if (++extensionBytes > limits.headerBytes() + chunkBytes) {
            throw bad("more chunk extensions than data");
        }
    }

    private State chunk(int ignored) {
        hasSize = false;
        chunkBytes += left;
        return left == 0 ? State.TRAILER : State.CHUNK_DATA;
    }

    /** RFC 9112 7.1.2: trailer fields, which may be discarded. */
    private State inTrailer(int b) throws HeadCheck.RefusedException {
        if (b == '\r') {
            if (state == State.TRAILER_NAME) {
                throw bad("a trailer that is not NAME: VALUE");
            }
            return state == State.TRAILER ? State.LAST_LF : State.TRAILER_LF;
        }
        if (++trailerBytes > limits.headerBytes() || state == State.TRAILER && ++trailers > limits.headers()) {
            throw new HeadCheck.RefusedException(HEADERS_TOO_LARGE, "the trailers are larger than headers may be");
        }
        if (state == State.TRAILER_VALUE) {
            if (Octets.isControl(b)) {
                throw bad("a control character in a trailer");
            }
            return State.TRAILER_VALUE;
        }
        if (b == ':' && state == State.TRAILER_NAME) {
            return State.TRAILER_VALUE;
        }
        if (!Octets.isToken(b)) {
            throw bad("a trailer that is not NAME: VALUE");
        }
        return State.TRAILER_NAME;
    }

    private static HeadCheck.RefusedException bad(String reason) {
        return new HeadCheck.RefusedException(BAD_REQUEST, reason);
    }
}
