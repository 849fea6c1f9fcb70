// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * The connection is closed, so there is nothing to receive or no way to send. Where the peer broke the protocol, the cause is the
 * {@link ProtocolViolation}.
 */
public final class WebSocketClosedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final transient Closed closed;

    /** An exception that carries how the connection ended. */
    public WebSocketClosedException(Closed closed, @Nullable ProtocolViolation cause) {
        super("the connection is closed: " + closed, cause);
        this.closed = closed;
    }

    /** How the connection ended. */
    public Closed closed() {
        return closed;
    }
}
