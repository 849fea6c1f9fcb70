// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

/** Kinds of bytes in HTTP (RFC 9110, 5.6.2 and 5.5), by tables. Pure functions. */
final class Octets {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";
    private static final String NAME_PUNCTUATION = "-._~%!$&'()*+;=";
    private static final boolean[] TOKEN = new boolean[256];
    private static final boolean[] NAME = new boolean[256];
    private static final boolean[] TEXT = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            NAME[c] = Character.isLetterOrDigit(c) || NAME_PUNCTUATION.indexOf(c) >= 0;
            TOKEN[c] = Character.isLetterOrDigit(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0;
        }
        for (int c = 0; c < 256; c++) {
            TEXT[c] = !isControl(c);
        }
    }

    private Octets() {}

    /** Whether a byte, 0 to 255, may stand in a method or in the name of a field. */
    static boolean isToken(int octet) {
        return TOKEN[octet];
    }

    /** Whether a byte, 0 to 255, may stand in the name of a host (RFC 3986, 3.2.2). */
    static boolean isNamePart(int octet) {
        return NAME[octet];
    }

    /** Whether a byte, 0 to 255, must not stand in a line: any control character but the tab. */
    static boolean isControl(int octet) {
        return octet < ' ' && octet != '\t' || octet == 0x7F;
    }

    /** Where the first byte stands, from the one index on, that may not stand in a token; the other index if there is none before it. */
    static int endOfToken(byte[] bytes, int from, int to) {
        return end(TOKEN, bytes, from, to);
    }

    /** The same for what must not stand in a line. */
    static int endOfText(byte[] bytes, int from, int to) {
        return end(TEXT, bytes, from, to);
    }

    private static int end(boolean[] kind, byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && kind[bytes[i] & 0xFF]) {
            i++;
        }
        return i;
    }
}
