// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A name and a password, as Basic authorisation takes them (RFC 7617).
 *
 * @param user without a colon, which ends it
 * @param password never shown
 */
record Credentials(String user, String password) {
    /** Refuses what would not arrive as it is; a message shows no password. */
    Credentials {
        // RFC 7617 2: a user-id containing a colon character is invalid; the user-id and password MUST NOT contain any control characters.
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("the user's name holds a colon, which would end it: " + user);
        }
        if (user.chars().anyMatch(Character::isISOControl) || password.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the user's name or the password holds a control character");
        }
    }

    String base64() {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return user + ":***";
    }
}
