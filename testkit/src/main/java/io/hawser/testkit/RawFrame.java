// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.protocol.Utf8;
import io.hawser.testkit.memory.SeenFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A frame in bytes (RFC 6455, 5.2), legal or not: what a {@link RawPeer} sends and receives. Immutable: each method that changes it returns
 * another one. Two are equal if their first bytes and payloads are, whatever their masks and lengths.
 */
public final class RawFrame {
    private static final int FIN = 0x80;
    private static final int KEY = 0x37FA213D; // of the examples in RFC 6455, 5.7

    private int head;
    private byte[] payload;
    private boolean rolesMask = true;
    private OptionalInt key = OptionalInt.empty();
    private int lengthBytes = -1;
    private @Nullable Long announced;

    private RawFrame(int head, byte[] payload) {
        this.head = head;
        this.payload = payload;
    }

    private RawFrame with(Consumer<RawFrame> change) {
        RawFrame changed = new RawFrame(head, payload);
        changed.rolesMask = rolesMask;
        changed.key = key;
        changed.lengthBytes = lengthBytes;
        changed.announced = announced;
        change.accept(changed);
        return changed;
    }

    // ---- made

    /**
     * A frame of any opcode, with FIN.
     *
     * @param opcode 0 to 15; 3 to 7 and 11 to 15 are reserved
     * @param payload copied
     * @throws IllegalArgumentException if the opcode is outside that range
     */
    public static RawFrame of(int opcode, byte... payload) {
        return new RawFrame(FIN | inRange("an opcode", opcode, 15), payload.clone());
    }

    /** A whole text message. */
    public static RawFrame text(String text) {
        return of(0x1, Utf8.encode(text));
    }

    /** A whole binary message. */
    public static RawFrame binary(byte... payload) {
        return of(0x2, payload);
    }

    /** The last fragment of a message. */
    public static RawFrame continuation(byte... payload) {
        return of(0x0, payload);
    }

    /** A ping. */
    public static RawFrame ping(byte... payload) {
        return of(0x9, payload);
    }

    /** A pong. */
    public static RawFrame pong(byte... payload) {
        return of(0xA, payload);
    }

    /**
     * A close frame.
     *
     * @param code 0 to 65535, also one that is never sent
     * @throws IllegalArgumentException if the code is outside that range
     */
    public static RawFrame close(int code, String reason) {
        byte[] text = Utf8.encode(reason);
        inRange("a close code", code, 0xFFFF);
        return of(0x8, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
    }

    /** One that was seen. */
    static RawFrame of(SeenFrame seen) {
        return new RawFrame(seen.head(), seen.bytes()).with(o -> {
            o.rolesMask = false;
            o.key = seen.key();
        });
    }

    private static int inRange(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(what + " must be 0 to " + most + ", not " + value);
        }
        return value;
    }

    // ---- changed

    /** Whether it is the last one of its message; default true. */
    public RawFrame fin(boolean last) {
        return with(o -> o.head = last ? head | FIN : head & ~FIN);
    }

    /**
     * Its reserved bits.
     *
     * @param bits RSV1 as 4, RSV2 as 2, RSV3 as 1; default 0
     * @throws IllegalArgumentException if they are not 0 to 7
     */
    public RawFrame rsv(int bits) {
        inRange("reserved bits", bits, 7);
        return with(o -> o.head = head & 0x8F | bits << 4);
    }

    /** Masked with this key; default as the sender's role demands. */
    public RawFrame masked(int with) {
        return with(o -> {
            o.rolesMask = false;
            o.key = OptionalInt.of(with);
        });
    }

    /** Not masked; default as the sender's role demands. */
    public RawFrame unmasked() {
        return with(o -> {
            o.rolesMask = false;
            o.key = OptionalInt.empty();
        });
    }

    /**
     * With a length field of this form; default the shortest.
     *
     * @param bytes how many follow the second byte: 0, 2 or 8
     * @param length what it announces, whatever the payload has: up to 125, 65535 or, negative where its top bit is set, any
     * @throws IllegalArgumentException if there is no such form, or it does not hold that length
     */
    public RawFrame lengthField(int bytes, long length) {
        boolean fits = switch (bytes) {
            case 0 -> length >= 0 && length <= 125;
            case 2 -> length >= 0 && length <= 0xFFFF;
            case 8 -> true;
            default -> throw new IllegalArgumentException("a length field has 0, 2 or 8 more bytes, not " + bytes);
        };
        if (!fits) {
            throw new IllegalArgumentException("a length field of " + bytes + " more bytes does not hold " + length);
        }
        return with(o -> {
            o.lengthBytes = bytes;
            o.announced = length;
        });
    }

    // ---- seen

    /** The opcode, 0 to 15. */
    public int opcode() {
        return head & 0xF;
    }

    /** Whether it is the last one of its message. */
    public boolean isFin() {
        return (head & FIN) != 0;
    }

    /** The reserved bits, RSV1 as 4, RSV2 as 2, RSV3 as 1. */
    public int rsv() {
        return head >> 4 & 7;
    }

    /** The masking key; empty if it has none, or the one that its sender's role demands. */
    public OptionalInt maskingKey() {
        return key;
    }

    /** The payload, not masked; read-only. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    /** The payload as text; what is not UTF-8 shows as U+FFFD. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** The status of a close frame; empty if it has none. */
    public OptionalInt closeCode() {
        boolean has = opcode() == 0x8 && payload.length >= 2;
        return has ? OptionalInt.of((payload[0] & 0xFF) << 8 | payload[1] & 0xFF) : OptionalInt.empty();
    }

    /**
     * The frame as it is sent.
     *
     * @param byClient whether it is masked, unless that was said
     */
    byte[] bytes(boolean byClient) {
        OptionalInt mask = rolesMask && byClient ? OptionalInt.of(KEY) : key;
        int extended = lengthBytes >= 0 ? lengthBytes : payload.length <= 125 ? 0 : payload.length <= 0xFFFF ? 2 : 8;
        long length = announced == null ? payload.length : announced;
        ByteBuffer frame = ByteBuffer.allocate(2 + extended + (mask.isPresent() ? 4 : 0) + payload.length);
        int second = mask.isPresent() ? 0x80 : 0;
        frame.put((byte) head);
        switch (extended) {
            case 0 -> frame.put((byte) (second | (int) length));
            case 2 -> frame.put((byte) (second | 126)).putShort((short) length);
            default -> frame.put((byte) (second | 127)).putLong(length);
        }
        mask.ifPresent(frame::putInt);
        for (int i = 0; i < payload.length; i++) {
            int with = mask.isPresent() ? mask.getAsInt() >>> 24 - 8 * (i % 4) : 0;
            frame.put((byte) (payload[i] ^ with));
        }
        return frame.array();
    }

    boolean isAsRoleDemands() {
        return rolesMask;
    }

    /** As others see it that receive it. */
    SeenFrame seen() {
        return new SeenFrame(head, key, ByteBuffer.wrap(payload));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawFrame that && head == that.head && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * head + Arrays.hashCode(payload);
    }

    /** What it is, how long, and how it begins. */
    @Override
    public String toString() {
        return seen().toString();
    }
}
