// SPDX-License-Identifier: Apache-2.0
package io.hawser.conformance.autobahn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** One frame, right or wrong: nothing is checked here. */
final class RawFrame {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] MASKING_KEY = {0x5a, (byte) 0xc3, 0x01, (byte) 0xfe};
    private static final int LONGEST_HEADER = 14;

    private final boolean fin;
    private final int rsv;
    private final int opcode;
    private final byte[] payload;

    RawFrame(boolean fin, int rsv, int opcode, byte[] payload) {
        this.fin = fin;
        this.rsv = rsv;
        this.opcode = opcode;
        this.payload = payload;
    }

    /** A final frame with UTF-8 in it. */
    static RawFrame of(int opcode, String payload) {
        return new RawFrame(true, 0, opcode, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A fragment that others follow. */
    static RawFrame first(int opcode, String payload) {
        return of(opcode, payload).withFin(false);
    }

    /** A close frame with a code and no reason. */
    static RawFrame close(int code) {
        return new RawFrame(true, 0, CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    RawFrame withFin(boolean on) {
        return new RawFrame(on, rsv, opcode, payload);
    }

    /** The same with reserved bits, a number from 0 to 7: RSV1 is 4. */
    RawFrame withRsv(int bits) {
        return new RawFrame(fin, bits, opcode, payload);
    }

    boolean fin() {
        return fin;
    }

    int rsv() {
        return rsv;
    }

    int opcode() {
        return opcode;
    }

    /** The payload itself, not a copy. */
    byte[] payload() {
        return payload;
    }

    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    boolean isControl() {
        return opcode >= CLOSE;
    }

    /** The code of a close frame; empty if its payload is. */
    OptionalInt closeCode() {
        return payload.length == 0
                ? OptionalInt.empty()
                : OptionalInt.of(Short.toUnsignedInt(ByteBuffer.wrap(payload).getShort()));
    }

    /** The frame as a client sends it: masked, its length in the shortest form. */
    byte[] masked() {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HEADER + payload.length);
        bytes.put((byte) ((fin ? 0x80 : 0) | rsv << 4 | opcode));
        if (payload.length <= 125) {
            bytes.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xffff) {
            bytes.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            bytes.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        bytes.put(MASKING_KEY);
        for (int i = 0; i < payload.length; i++) {
            bytes.put((byte) (payload[i] ^ MASKING_KEY[i & 3]));
        }
        byte[] exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return exact;
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
