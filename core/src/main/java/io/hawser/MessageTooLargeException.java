// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A streamed message is longer than what was asked for as a whole. If this leaves a handler, the connection closes with 1009. */
public final class MessageTooLargeException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    /** An exception that names the limit. */
    public MessageTooLargeException(long maxBytes) {
        super("a message is longer than the " + maxBytes + " bytes that were asked for; read it in chunks, or ask for more", null);
    }

    static <M extends Message> CompletionStage<M> unless(boolean fits, M message, long maxBytes) {
        return fits
                ? CompletableFuture.completedStage(message)
                : CompletableFuture.failedStage(new MessageTooLargeException(maxBytes));
    }
}
