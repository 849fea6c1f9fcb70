// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import org.jspecify.annotations.Nullable;

/**
 * No connection came about: the name has no address, the address cannot be reached, the time is over, or what answered does not speak
 * WebSocket. The message says which, and to where; a cause says it in the transport's words.
 */
public final class ConnectFailedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /** A failure. */
    public ConnectFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
