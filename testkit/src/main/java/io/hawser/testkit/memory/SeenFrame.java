// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;

/**
 * A frame as it passed the wire (RFC 6455, 5.2), legal or not.
 *
 * @param head its first byte: FIN, reserved bits, opcode
 * @param key its masking key, if it has one
 * @param payload unmasked; read-only
 */
public record SeenFrame(int head, OptionalInt key, ByteBuffer payload) {
    private static final String[] NAMES = {
        "CONTINUATION", "TEXT", "BINARY", "opcode 3", "opcode 4", "opcode 5", "opcode 6", "opcode 7",
        "CLOSE", "PING", "PONG", "opcode 11", "opcode 12", "opcode 13", "opcode 14", "opcode 15"
    };
    private static final int SHOWN = 40;

    /** Checks the ranges. */
    public SeenFrame {
        payload = payload.asReadOnlyBuffer();
    }

    /** The opcode, 0 to 15. */
    public int opcode() {
        return head & 0xF;
    }

    /** Whether it is the last of its message. */
    public boolean fin() {
        return (head & 0x80) != 0;
    }

    /** The reserved bits, RSV1 as 4, RSV2 as 2, RSV3 as 1. */
    public int rsv() {
        return head >> 4 & 7;
    }

    /** A copy of the payload. */
    public byte[] bytes() {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        return copy;
    }

    /** As a reader wants it: what it is, how long, and how it begins. */
    @Override
    public String toString() {
        byte[] all = bytes();
        String flags = (fin() ? "" : ", more follow") + (rsv() == 0 ? "" : ", reserved bits " + rsv());
        return NAMES[opcode()] + flags + shown(all);
    }

    private String shown(byte[] all) {
        return switch (opcode()) {
            case 0x1 -> text(all, 0);
            case 0x8 -> all.length < 2 ? (all.length == 0 ? " without a status" : hex(all))
                    : " " + ((all[0] & 0xFF) << 8 | all[1] & 0xFF) + text(all, 2);
            default -> hex(all);
        };
    }

    private static String text(byte[] all, int from) {
        if (all.length == from && from > 0) {
            return "";
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(all, from, all.length - from)).toString();
            String begin = text.length() <= 2 * SHOWN ? text : text.substring(0, 2 * SHOWN) + "…";
            return " \"" + begin + "\"" + (text.length() <= 2 * SHOWN ? "" : ", " + (all.length - from) + " bytes");
        } catch (CharacterCodingException e) {
            return hex(all);
        }
    }

    private static String hex(byte[] all) {
        String begin = HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(all, Math.min(SHOWN, all.length)));
        return all.length == 0 ? " empty" : " " + begin + (all.length <= SHOWN ? "" : " …, " + all.length + " bytes");
    }
}
