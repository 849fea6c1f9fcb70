// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

/** Kinds of bytes in HTTP (RFC 9110, 5.6.2 and 5.5), by tables. Pure functions. */
final class Octets {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (int c = 0; c < 128; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0;
        }
    }

    private Octets() {}

    /** Whether a byte, 0 to 255, may stand in a method or in the name of a field. */
    static boolean isToken(int octet) {
        return TOKEN[octet];
    }

    /** Whether a byte, 0 to 255, must not stand in a line: any control character but the tab. */
    static boolean isControl(int octet) {
        return octet < ' ' && octet != '\t' || octet == 0x7F;
    }
}
