// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One whole frame (RFC 6455, 5.2). Immutable: factories that take an array or a buffer copy it, except {@link #wrap}.
 */
public final class Frame {
    private static final byte[] EMPTY = {};

    private final Opcode opcode;
    private final boolean fin;
    private final int rsv;
    private final OptionalInt maskingKey;
    private final byte[] payload;

    private Frame(Opcode opcode, boolean fin, int rsv, OptionalInt maskingKey, byte[] payload) {
        if (opcode.isControl()) {
            // RFC 6455 5.5: control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented.
            require(payload.length <= 125, opcode + " payload is " + payload.length + " bytes, at most 125 fit");
            require(fin, opcode + " frames cannot be fragments");
        }
        require((rsv & ~7) == 0, "rsv is three bits, not " + rsv);
        this.opcode = opcode;
        this.fin = fin;
        this.rsv = rsv;
        this.maskingKey = maskingKey;
        this.payload = payload;
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * A whole text message.
     *
     * @throws IllegalArgumentException if the text holds an unpaired surrogate
     */
    public static Frame text(String text) {
        return wrap(Opcode.TEXT, true, Utf8.encode(text));
    }

    /** A whole binary message; the bytes are copied. */
    public static Frame binary(byte[] payload) {
        return wrap(Opcode.BINARY, true, payload.clone());
    }

    /** A ping with at most 125 bytes; they are copied. */
    public static Frame ping(byte[] payload) {
        return wrap(Opcode.PING, true, payload.clone());
    }

    /** A pong with at most 125 bytes; they are copied. */
    public static Frame pong(byte[] payload) {
        return wrap(Opcode.PONG, true, payload.clone());
    }

    /**
     * A close frame.
     *
     * @throws IllegalArgumentException if the status is never sent (1005, 1006, 1015)
     */
    public static Frame close(CloseStatus status) {
        status.requireSendable();
        return wrap(Opcode.CLOSE, true, status.toPayload().array());
    }

    /** A frame of any kind; the payload is copied from the buffer, whose position stays. */
    public static Frame of(Opcode opcode, boolean fin, ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        return wrap(opcode, fin, copy);
    }

    /** A frame of any kind; the array is handed over and must not be changed any more. */
    public static Frame wrap(Opcode opcode, boolean fin, byte[] payload) {
        return new Frame(opcode, fin, 0, OptionalInt.empty(), payload.length == 0 ? EMPTY : payload);
    }

    /** This frame with other reserved bits: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
    public Frame withRsv(int bits) {
        return new Frame(opcode, fin, bits, maskingKey, payload);
    }

    /**
     * This frame with a masking key of the caller's own, used where a client sends it; a server does not mask.
     *
     * @param key its four bytes in network order
     */
    public Frame withMaskingKey(int key) {
        return new Frame(opcode, fin, rsv, OptionalInt.of(key), payload);
    }

    /**
     * This frame without a masking key, so that a client masks it with a fresh one. A client that passes on what a server
     * received should do so: the key it came with was chosen by somebody else (RFC 6455, 10.3).
     */
    public Frame withoutMaskingKey() {
        return maskingKey.isPresent() ? new Frame(opcode, fin, rsv, OptionalInt.empty(), payload) : this;
    }

    /** What the frame carries. */
    public Opcode opcode() {
        return opcode;
    }

    /** Whether it is the last frame of its message. */
    public boolean fin() {
        return fin;
    }

    /** The reserved bits: RSV1 is 4, RSV2 is 2, RSV3 is 1. */
    public int rsv() {
        return rsv;
    }

    /**
     * The key that the frame came masked with, of fragments that were joined the last one's, or the key to mask it with, if one
     * was chosen; the four bytes in network order.
     */
    public OptionalInt maskingKey() {
        return maskingKey;
    }

    /** The unmasked payload, as a read-only view. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    /** The payload's length in bytes. */
    public int length() {
        return payload.length;
    }

    /** The payload read as UTF-8. A fragment that cuts a code point shows U+FFFD there. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frame that
                && opcode == that.opcode
                && fin == that.fin
                && rsv == that.rsv
                && maskingKey.equals(that.maskingKey)
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(opcode, fin, rsv, maskingKey, Arrays.hashCode(payload));
    }

    @Override
    public String toString() {
        return opcode + (fin ? "" : " (more follows)") + (rsv == 0 ? "" : " rsv " + rsv) + ", " + payload.length + " bytes";
    }
}
