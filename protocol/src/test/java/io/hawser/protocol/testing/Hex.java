// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import java.util.HexFormat;

/** Bytes written as hex digits, with blanks where they help the eye. */
public final class Hex {
    private Hex() {}

    /** The bytes of "81 05 48…". */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** The digits of bytes, with blanks between them. */
    public static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
