// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A binary message (RFC 6455, 5.6). */
public sealed interface BinaryMessage extends Message permits BinaryMessage.Strict {
    /** A message with a copy of these bytes. */
    static BinaryMessage of(byte[] bytes) {
        return new Strict(bytes.clone());
    }

    /** A message with a copy of what the buffer holds from position to limit, which stay. */
    static BinaryMessage of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return new Strict(copy);
    }

    /** A message with these very bytes, handed over: they must not be changed any more. */
    static BinaryMessage wrap(byte[] bytes) {
        return new Strict(bytes);
    }

    @Override
    default String text() {
        throw new UnexpectedMessageException("a text was expected, a binary message of " + length() + " bytes came");
    }

    /** A binary message that is there as a whole. */
    final class Strict implements BinaryMessage {
        private final byte[] bytes;

        private Strict(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public ByteBuffer data() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public int length() {
            return bytes.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Strict that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "binary of " + bytes.length + " bytes";
        }
    }
}
