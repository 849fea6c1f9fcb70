// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** One frame, right or wrong: nothing is checked here. */
public final class RawFrame {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASKING_KEY = {0x5a, (byte) 0xc3, 0x01, (byte) 0xfe};
    private static final int LONGEST_HEADER = 14;

    private final boolean fin;
    private final int rsv;
    private final int opcode;
    private final byte[] payload;

    public RawFrame(boolean fin, int rsv, int opcode, byte[] payload) {
        this.fin = fin;
        this.rsv = rsv;
        this.opcode = opcode;
        this.payload = payload;
    }

    /** A final frame with UTF-8 in it. */
    public static RawFrame of(int opcode, String payload) {
        return new RawFrame(true, 0, opcode, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A fragment that others follow. */
    public static RawFrame first(int opcode, String payload) {
        return of(opcode, payload).withFin(false);
    }

    /** A close frame with a code and no reason. */
    public static RawFrame close(int code) {
        return new RawFrame(true, 0, CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    /** A close frame with a code and a reason. */
    public static RawFrame close(int code, byte[] reason) {
        byte[] body = ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
        return new RawFrame(true, 0, CLOSE, body);
    }

    public RawFrame withFin(boolean on) {
        return new RawFrame(on, rsv, opcode, payload);
    }

    /** The same with reserved bits, a number from 0 to 7: RSV1 is 4. */
    public RawFrame withRsv(int bits) {
        return new RawFrame(fin, bits, opcode, payload);
    }

    public boolean fin() {
        return fin;
    }

    public int rsv() {
        return rsv;
    }

    public int opcode() {
        return opcode;
    }

    /** The payload itself, not a copy. */
    public byte[] payload() {
        return payload;
    }

    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    public boolean isControl() {
        return opcode >= CLOSE;
    }

    /** The code of a close frame; empty if its payload is. */
    public OptionalInt closeCode() {
        return payload.length == 0
                ? OptionalInt.empty()
                : OptionalInt.of(Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort()));
    }

    /** The frame as a client sends it: masked, its length in the shortest form. */
    public byte[] masked() {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HEADER + payload.length);
        header(bytes, 0x80).put(MASKING_KEY);
        for (int i = 0; i < payload.length; i++) {
            bytes.put((byte) (payload[i] ^ MASKING_KEY[i & 3]));
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** The frame as a server sends it, its length in the shortest form. */
    public byte[] unmasked() {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HEADER + payload.length);
        header(bytes, 0).put(payload);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private ByteBuffer header(ByteBuffer bytes, int mask) {
        bytes.put((byte) ((fin ? 0x80 : 0) | rsv << 4 | opcode));
        if (payload.length <= 125) {
            return bytes.put((byte) (mask | payload.length));
        }
        return payload.length <= 0xffff
                ? bytes.put((byte) (mask | 126)).putShort((short) payload.length)
                : bytes.put((byte) (mask | 127)).putLong(payload.length);
    }

    /** Frames as a client sends them, one behind the other. */
    public static byte[] join(RawFrame... frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (RawFrame frame : frames) {
            bytes.writeBytes(frame.masked());
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        String flags = (fin ? "" : " not final") + (rsv == 0 ? "" : " rsv=" + rsv);
        if (opcode == CLOSE && payload.length >= 2) {
            String reason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            return "close " + closeCode().getAsInt() + " '" + reason + "'" + flags;
        }
        return "opcode=" + opcode + " length=" + payload.length + flags;
    }
}
