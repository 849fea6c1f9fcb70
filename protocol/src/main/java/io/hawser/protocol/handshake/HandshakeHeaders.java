// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.List;

/** The header fields of an HTTP message, as far as a handshake asks for them. */
@FunctionalInterface
public interface HandshakeHeaders {
    /** The values of all fields with this name, in order, whatever the case of its letters; empty if there is none. */
    List<String> values(String name);

    /**
     * Refuses what cannot stand in a header, or would begin another one.
     *
     * @throws IllegalArgumentException if the name is not a token, or the value holds CR, LF, NUL or another character outside printable
     *     ASCII and tab; the message does not show the value
     */
    static void requireField(String name, String value) {
        Tokens.requireField(name, value);
    }
}
