// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/** A message of the other kind came. If this leaves a handler, the connection closes with 1003 (RFC 6455, 7.4.1). */
public final class UnexpectedMessageException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /** An exception that says what was expected and what came. */
    public UnexpectedMessageException(String message) {
        super(message, null);
    }
}
