// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A WebSocket message: text or binary, and either there as a whole ({@code Strict}) or arriving in chunks ({@code Streamed}). Which of the two
 * a handler gets is decided by its {@link MessagePolicy} alone. What is received is the receiver's to keep: nothing has to be released.
 */
public sealed interface Message permits TextMessage, BinaryMessage {
    /** What {@link #text()} and {@link #data()} of a streamed message read at most, in bytes. */
    int MAX_AWAITED_BYTES = 1 << 20;

    /**
     * The text of this message. Of a streamed one it waits until all is there, at most 1 MiB of UTF-8.
     *
     * @throws UnexpectedMessageException if the message is binary; if that leaves a handler, the connection closes with 1003
     * @throws MessageTooLargeException if a streamed message is longer
     * @throws IllegalStateException if a streamed message is waited for on an event loop
     * @throws WebSocketClosedException if the connection ends before a streamed message
     * @throws WaitInterruptedException if the thread is interrupted while it waits for a streamed message, whose rest is lost to it
     */
    String text();

    /**
     * The payload as a read-only view; of a text its UTF-8. Of a streamed message it waits as {@link #text()} does, with the same
     * exceptions.
     */
    ByteBuffer data();

    /**
     * This message as a whole. Of a streamed one it reads all that has not been read; a strict one is whole already.
     *
     * @param maxBytes the longest, in bytes; 0 to 2,147,483,639
     * @param timeout how long the rest of a streamed message may take in all; zero or less takes only what is there
     * @return fails with {@link MessageTooLargeException} if the message is longer, with {@link java.util.concurrent.TimeoutException} if it
     *     takes longer, in both cases dropping its rest, and with {@link WebSocketClosedException} if the connection ends before it
     * @throws IllegalArgumentException if {@code maxBytes} is outside that range
     */
    CompletionStage<? extends Message> toStrict(long maxBytes, Duration timeout);

    /** Drops what has not been read of a streamed message, so that the next one can come. Without effect on a strict one. */
    void discard();
}
