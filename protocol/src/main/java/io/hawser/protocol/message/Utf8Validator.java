// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 that comes in pieces, and fails at the first byte that no text can contain (RFC 3629; RFC 6455, 8.1).
 * Between pieces it remembers which bytes may come next.
 *
 * <p>It is an automaton whose step is one shift, without a branch that the text could make unpredictable: a state is a
 * number of bits, and behind so many bits of its row in the table each byte holds the state that follows.
 */
public final class Utf8Validator {
    private static final int STATE_BITS = 6;
    private static final int STATE_MASK = (1 << STATE_BITS) - 1;

    /** Never left. It is 0, so that everything is refused that the table does not allow. */
    private static final int REFUSED = 0;

    private static final int COMPLETE = STATE_BITS;
    private static final int ONE_DUE = 2 * STATE_BITS;
    private static final int TWO_DUE = 3 * STATE_BITS;
    private static final int THREE_DUE = 4 * STATE_BITS;
    private static final int AFTER_E0 = 5 * STATE_BITS;
    private static final int AFTER_ED = 6 * STATE_BITS;
    private static final int AFTER_F0 = 7 * STATE_BITS;
    private static final int AFTER_F4 = 8 * STATE_BITS;

    /** A row of states for each byte. */
    private static final long[] ROWS = new long[256];

    static {
        // RFC 3629 4: syntax of UTF-8 byte sequences.
        allow(COMPLETE, 0x00, 0x7F, COMPLETE);
        allow(COMPLETE, 0xC2, 0xDF, ONE_DUE);
        allow(COMPLETE, 0xE0, 0xE0, AFTER_E0);
        allow(COMPLETE, 0xE1, 0xEC, TWO_DUE);
        allow(COMPLETE, 0xED, 0xED, AFTER_ED);
        allow(COMPLETE, 0xEE, 0xEF, TWO_DUE);
        allow(COMPLETE, 0xF0, 0xF0, AFTER_F0);
        allow(COMPLETE, 0xF1, 0xF3, THREE_DUE);
        allow(COMPLETE, 0xF4, 0xF4, AFTER_F4);
        allow(ONE_DUE, 0x80, 0xBF, COMPLETE);
        allow(TWO_DUE, 0x80, 0xBF, ONE_DUE);
        allow(THREE_DUE, 0x80, 0xBF, TWO_DUE);
        allow(AFTER_E0, 0xA0, 0xBF, ONE_DUE); // below: overlong
        allow(AFTER_ED, 0x80, 0x9F, ONE_DUE); // above: surrogates
        allow(AFTER_F0, 0x90, 0xBF, TWO_DUE); // below: overlong
        allow(AFTER_F4, 0x80, 0x8F, TWO_DUE); // above: beyond U+10FFFF
    }

    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private int state = COMPLETE;

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
        boolean swapped = bytes.order() == ByteOrder.LITTLE_ENDIAN;
        int index = skipAscii(bytes, from, end);
        while (index <= end - Long.BYTES) {
            long eight = bytes.getLong(index);
            int next = step(swapped ? Long.reverseBytes(eight) : eight, state);
            if (next == REFUSED) {
                break;
            }
            state = next;
            index = skipAscii(bytes, index + Long.BYTES, end);
        }
        return checkEach(bytes, index, end);
    }

    /** Whether the text may end here: no code point is cut off. */
    public boolean isComplete() {
        return state == COMPLETE;
    }

    /** Forgets what came, for the next text. */
    public void reset() {
        state = COMPLETE;
    }

    /** Skips ASCII where a code point begins, as far as it comes in eights or fours. */
    private int skipAscii(ByteBuffer bytes, int from, int end) {
        int index = from;
        if (state == COMPLETE) {
            while (index <= end - Long.BYTES && (bytes.getLong(index) & NOT_ASCII) == 0) {
                index += Long.BYTES;
            }
            if (index <= end - Integer.BYTES && (bytes.getInt(index) & (int) NOT_ASCII) == 0) {
                index += Integer.BYTES;
            }
        }
        return index;
    }

    private static int step(long eight, int state) {
        long row = state;
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            row = ROWS[(int) (eight >>> shift) & 0xFF] >>> row; // which takes the lowest six bits
        }
        return (int) row & STATE_MASK;
    }

    private int checkEach(ByteBuffer bytes, int from, int end) {
        int next = state;
        for (int index = from; index < end; index++) {
            next = (int) (ROWS[bytes.get(index) & 0xFF] >>> next) & STATE_MASK;
            if (next == REFUSED) {
                return index;
            }
        }
        state = next;
        return -1;
    }

    private static void allow(int state, int lowest, int highest, int next) {
        for (int b = lowest; b <= highest; b++) {
            ROWS[b] |= (long) next << state;
        }
    }
}
