// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A frame as a server puts it on the wire: unmasked. Read here apart from the product's own code. */
record ServerFrame(int first, ByteBuffer payload) {
    /** The first frame in these bytes; empty if it is not complete. Advances the position over it. */
    static Optional<ServerFrame> read(ByteBuffer bytes) {
        ByteBuffer ahead = bytes.duplicate();
        if (ahead.remaining() < 2) {
            return Optional.empty();
        }
        int first = ahead.get() & 0xFF;
        int second = ahead.get() & 0xFF;
        if (second >= 0x80) {
            throw new AssertionError("a server masks no frame");
        }
        int extended = second < 126 ? 0 : second == 126 ? 2 : 8;
        if (ahead.remaining() < extended) {
            return Optional.empty();
        }
        long length = extended == 0 ? second : extended == 2 ? ahead.getShort() & 0xFFFF : ahead.getLong();
        if (ahead.remaining() < length) {
            return Optional.empty();
        }
        byte[] payload = new byte[(int) length];
        ahead.get(payload);
        bytes.position(ahead.position());
        return Optional.of(new ServerFrame(first, ByteBuffer.wrap(payload)));
    }

    static ServerFrame text(String text) {
        return of(ClientFrames.FIN | ClientFrames.TEXT, ClientFrames.utf8(text));
    }

    static ServerFrame binary(byte[] payload) {
        return of(ClientFrames.FIN | ClientFrames.BINARY, payload);
    }

    static ServerFrame pong(String payload) {
        return of(ClientFrames.FIN | ClientFrames.PONG, ClientFrames.utf8(payload));
    }

    /** A close frame with this code and no reason. */
    static ServerFrame close(int code) {
        return close(code, "");
    }

    static ServerFrame close(int code, String reason) {
        byte[] text = ClientFrames.utf8(reason);
        return of(
                ClientFrames.FIN | ClientFrames.CLOSE,
                ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
    }

    /** A close frame without a body. */
    static ServerFrame emptyClose() {
        return of(ClientFrames.FIN | ClientFrames.CLOSE, new byte[0]);
    }

    static ServerFrame of(int first, byte[] payload) {
        return new ServerFrame(first, ByteBuffer.wrap(payload));
    }

    int opcode() {
        return first & 0xF;
    }

    boolean fin() {
        return (first & ClientFrames.FIN) != 0;
    }

    byte[] bytes() {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        return copy;
    }

    @Override
    public String toString() {
        byte[] shown = Arrays.copyOf(bytes(), Math.min(40, bytes().length));
        return String.format("%02X ", first)
                + payload.remaining() + " bytes "
                + HexFormat.of().formatHex(shown)
                + " '" + new String(shown, StandardCharsets.UTF_8) + "'";
    }
}
