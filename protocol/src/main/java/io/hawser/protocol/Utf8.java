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

    /** Encodes text that comes in pieces, which may cut a surrogate pair. Confined to one thread. */
    public static final class Encoder {
        private String cutOff = "";

        /** An encoder at the start of a text. */
        public Encoder() {}

        /**
         * The next piece as UTF-8, behind the surrogate that the last piece ended with; one that it ends with waits for the next.
         *
         * @throws IllegalArgumentException if there is an unpaired surrogate
         */
        public byte[] encode(String piece) {
            String text = cutOff + piece;
            boolean cut = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
            int end = cut ? text.length() - 1 : text.length();
            cutOff = text.substring(end);
            return Utf8.encode(text.substring(0, end));
        }

        /**
         * Checks that the text may end here.
         *
         * @throws IllegalArgumentException if a surrogate waits for its other half
         */
        public void finish() {
            if (!cutOff.isEmpty()) {
                throw new IllegalArgumentException("the text ends with an unpaired surrogate, which UTF-8 cannot carry");
            }
        }
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
