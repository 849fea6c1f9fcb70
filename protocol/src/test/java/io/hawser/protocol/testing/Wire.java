// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames as they stand on the wire, right or wrong: nothing is checked here. */
public final class Wire {
    public static final int FIN = 0x80;
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** The key of RFC 6455, 5.7. */
    public static final int KEY = 0x37FA213D;

    private Wire() {}

    /** A frame as the peer of {@code receiver} sends it. */
    public static byte[] to(Role receiver, int first, byte[] payload) {
        return receiver == Role.SERVER ? masked(first, KEY, payload) : unmasked(first, payload);
    }

    public static byte[] to(Role receiver, int first, String payload) {
        return to(receiver, first, utf8(payload));
    }

    /** A close frame as the peer of {@code receiver} sends it. */
    public static byte[] closeTo(Role receiver, int code, String reason) {
        return to(receiver, FIN | CLOSE, closeBody(code, reason));
    }

    public static byte[] closeBody(int code, String reason) {
        return join(new byte[] {(byte) (code >> 8), (byte) code}, utf8(reason));
    }

    public static byte[] unmasked(int first, byte[] payload) {
        return join(header(first, 0, payload.length), payload);
    }

    public static byte[] masked(int first, int key, byte[] payload) {
        byte[] keyBytes = ByteBuffer.allocate(4).putInt(key).array();
        byte[] hidden = payload.clone();
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] ^= keyBytes[i % 4];
        }
        return join(header(first, 0x80, payload.length), keyBytes, hidden);
    }

    /** A header as the peer of {@code receiver} sends it; a masking key of zero where one belongs. */
    public static byte[] headerTo(Role receiver, int first, long length) {
        return receiver == Role.SERVER ? join(header(first, 0x80, length), new byte[4]) : header(first, 0, length);
    }

    /** Without the masking key. */
    private static byte[] header(int first, int mask, long length) {
        ByteBuffer out = ByteBuffer.allocate(10).put((byte) first);
        if (length < 126) {
            out.put((byte) (mask + length));
        } else if (length < 65536) {
            out.put((byte) (mask + 126)).putShort((short) length);
        } else {
            out.put((byte) (mask + 127)).putLong(length);
        }
        byte[] header = new byte[out.position()];
        out.flip().get(header);
        return header;
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** The same bytes, so many times. */
    public static byte[] repeat(byte[] bytes, int times) {
        byte[] repeated = new byte[bytes.length * times];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = bytes[i % bytes.length];
        }
        return repeated;
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
