// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import org.jspecify.annotations.Nullable;

/** What a frame carries (RFC 6455, 5.2). */
public enum Opcode {
    /** A further fragment of the message under way. */
    CONTINUATION(0x0),
    /** A text message, or its first fragment; UTF-8. */
    TEXT(0x1),
    /** A binary message, or its first fragment. */
    BINARY(0x2),
    /** The sender's last frame, with an optional status. */
    CLOSE(0x8),
    /** Asks for a {@link #PONG} with the same payload. */
    PING(0x9),
    /** Answers a {@link #PING}, or is sent unasked as a heartbeat. */
    PONG(0xA);

    private static final @Nullable Opcode[] BY_CODE = new Opcode[16];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;

    Opcode(int code) {
        this.code = code;
    }

    /** The opcode with these four bits, or null if the RFC reserves them. */
    public static @Nullable Opcode of(int code) {
        return BY_CODE[code & 0xF];
    }

    /** The four bits on the wire, 0 to 15. */
    public int code() {
        return code;
    }

    /** Whether this is a control frame (RFC 6455, 5.5): close, ping or pong. */
    public boolean isControl() {
        return code >= 0x8;
    }
}
