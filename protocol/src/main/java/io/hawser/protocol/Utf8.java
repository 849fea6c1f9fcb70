// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.nio.charset.StandardCharsets;

/** Text to UTF-8 that refuses an unpaired surrogate, where {@link String#getBytes} would put a question mark. */
public final class Utf8 {
    private Utf8() {}

    /**
     * The text as UTF-8.
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate; the message names its index
     */
    public static byte[] encode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : encoded) {
            if (b == '?') {
                refuseUnpairedSurrogate(text);
                break;
            }
        }
        return encoded;
    }

    private static void refuseUnpairedSurrogate(String text) {
        int index = 0;
        while (index < text.length()) {
            int codePoint = text.codePointAt(index);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException(
                        "unpaired surrogate at index " + index + " of the text, which UTF-8 cannot carry");
            }
            index += Character.charCount(codePoint);
        }
    }
}
