// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text message (RFC 6455, 5.6). */
public sealed interface TextMessage extends Message permits TextMessage.Strict {
    /**
     * A message with this text.
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate, which UTF-8 cannot carry
     */
    static TextMessage of(String text) {
        return new Strict(Utf8.encode(text), text);
    }

    /**
     * A message with text that is UTF-8 already.
     *
     * @param utf8 handed over: it must not be changed any more. It must be valid UTF-8, which is not checked here; a peer fails the
     *     connection if it is not
     */
    static TextMessage ofValidUtf8(byte[] utf8) {
        return new Strict(utf8, null);
    }

    /** A text that is there as a whole. It is decoded when it is first asked for, so passing it on costs no decoding. */
    final class Strict implements TextMessage {
        private final byte[] utf8;
        /** Set at most once in effect: all threads decode to equal strings, which are safe to publish by a race. */
        private @Nullable String decoded;

        private Strict(byte[] utf8, @Nullable String decoded) {
            this.utf8 = utf8;
            this.decoded = decoded;
        }

        @Override
        public String text() {
            String text = decoded;
            if (text == null) {
                text = new String(utf8, StandardCharsets.UTF_8);
                decoded = text;
            }
            return text;
        }

        @Override
        public ByteBuffer data() {
            return ByteBuffer.wrap(utf8).asReadOnlyBuffer();
        }

        @Override
        public int length() {
            return utf8.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Strict that && Arrays.equals(utf8, that.utf8);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(utf8);
        }

        @Override
        public String toString() {
            return "text of " + utf8.length + " bytes";
        }
    }
}
