// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.message;

import java.nio.ByteBuffer;

/**
 * Checks UTF-8 that comes in pieces, and fails at the first byte that no text can contain (RFC 3629; RFC 6455, 8.1).
 * Between pieces it remembers how many continuation bytes are due and which range the next one must lie in.
 */
public final class Utf8Validator {
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
    private static final int LOWEST_CONTINUATION = 0x80;
    private static final int HIGHEST_CONTINUATION = 0xBF;

    private int continuationsDue;
    private int lowest = LOWEST_CONTINUATION;
    private int highest = HIGHEST_CONTINUATION;

    /** A validator at the start of a text. */
    public Utf8Validator() {}

    /**
     * Reads on.
     *
     * @param bytes whose position and limit stay as they are
     * @param from index of the first byte to read
     * @param end index behind the last
     * @return the index of the first byte that cannot stand there, or -1 if all can
     */
    public int check(ByteBuffer bytes, int from, int end) {
        int index = from;
        while (index < end) {
            if (continuationsDue == 0) {
                index = skipAscii(bytes, index, end);
                if (index == end) {
                    return -1;
                }
                if (!begin(bytes.get(index) & 0xFF)) {
                    return index;
                }
            } else if (!proceed(bytes.get(index) & 0xFF)) {
                return index;
            }
            index++;
        }
        return -1;
    }

    /** Whether the text may end here: no code point is cut off. */
    public boolean isComplete() {
        return continuationsDue == 0;
    }

    /** Forgets what came, for the next text. */
    public void reset() {
        continuationsDue = 0;
        expectAny();
    }

    private static int skipAscii(ByteBuffer bytes, int from, int end) {
        int index = from;
        while (index <= end - Long.BYTES && (bytes.getLong(index) & NOT_ASCII) == 0) {
            index += Long.BYTES;
        }
        while (index < end && bytes.get(index) >= 0) {
            index++;
        }
        return index;
    }

    /** The table of well-formed byte sequences, RFC 3629 section 4: the first byte bounds the second. */
    private boolean begin(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            continuationsDue = 1;
        } else if (first >= 0xE0 && first <= 0xEF) {
            continuationsDue = 2;
            lowest = first == 0xE0 ? 0xA0 : LOWEST_CONTINUATION; // below: overlong
            highest = first == 0xED ? 0x9F : HIGHEST_CONTINUATION; // above: surrogates
        } else if (first >= 0xF0 && first <= 0xF4) {
            continuationsDue = 3;
            lowest = first == 0xF0 ? 0x90 : LOWEST_CONTINUATION; // below: overlong
            highest = first == 0xF4 ? 0x8F : HIGHEST_CONTINUATION; // above: beyond U+10FFFF
        } else {
            return false;
        }
        return true;
    }

    private boolean proceed(int next) {
        if (next < lowest || next > highest) {
            return false;
        }
        continuationsDue--;
        expectAny();
        return true;
    }

    private void expectAny() {
        lowest = LOWEST_CONTINUATION;
        highest = HIGHEST_CONTINUATION;
    }
}
