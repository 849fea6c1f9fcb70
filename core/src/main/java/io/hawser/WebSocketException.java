// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import org.jspecify.annotations.Nullable;

/** Something about a WebSocket connection that an application may want to handle; its kinds say what. */
public abstract sealed class WebSocketException extends RuntimeException
        permits ConnectFailedException,
                HttpStatusException,
                MessageTooLargeException,
                UnexpectedMessageException,
                UpgradeRefusedException,
                WaitInterruptedException,
                WebSocketClosedException {
    private static final long serialVersionUID = 1L;

    WebSocketException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
