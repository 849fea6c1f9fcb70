// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/** The thread was interrupted while it waited; its interrupt flag is set again, and the connection stays usable. */
public final class WaitInterruptedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /** An exception that says what was waited for. */
    public WaitInterruptedException(String message) {
        super(message, null);
    }
}
