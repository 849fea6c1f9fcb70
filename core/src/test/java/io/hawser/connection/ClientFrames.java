// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a client puts on the wire (RFC 6455, 5.2), written apart from the product, so that both cannot be wrong alike. */
final class ClientFrames {
    static final int FIN = 0x80;
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final byte[] KEY = {0x12, (byte) 0xAB, 0x7F, (byte) 0xC4};

    private ClientFrames() {}

    static byte[] text(String text) {
        return frame(FIN | TEXT, utf8(text));
    }

    static byte[] binary(byte[] payload) {
        return frame(FIN | BINARY, payload);
    }

    static byte[] ping(String payload) {
        return frame(FIN | PING, utf8(payload));
    }

    static byte[] pong(byte[] payload) {
        return frame(FIN | PONG, payload);
    }

    /** A close frame without a body. */
    static byte[] close() {
        return frame(FIN | CLOSE, new byte[0]);
    }

    static byte[] close(int code, String reason) {
        byte[] text = utf8(reason);
        return frame(FIN | CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
    }

    /** A masked frame whose first byte is given. */
    static byte[] frame(int first, byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= KEY[i % KEY.length];
        }
        return joined(header(first, payload.length), KEY, masked);
    }

    /** The first bytes of a masked frame up to its key, whatever follows. */
    static byte[] header(int first, long length) {
        if (length < 126) {
            return new byte[] {(byte) first, (byte) (0x80 | length)};
        }
        if (length < 1 << 16) {
            return ByteBuffer.allocate(4).put((byte) first).put((byte) 0xFE).putShort((short) length).array();
        }
        return ByteBuffer.allocate(10).put((byte) first).put((byte) 0xFF).putLong(length).array();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
