// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection for plain blocking code, best on a virtual thread. One thread may receive at a time, or iterate, which is the same; any
 * number may send. A blocking call on an event loop is an {@link IllegalStateException}, and so is a call that would wait for a message
 * while another thread does.
 *
 * <p>An interrupt ends a wait with {@link WaitInterruptedException}, leaves the thread's flag set and the connection usable; a {@code send}
 * of a stream or reader that has begun says otherwise below.
 */
public interface WebSocket extends Connection, Iterable<Message>, AutoCloseable {
    /**
     * Waits for the next message. What was not read of a streamed one before it is dropped.
     *
     * @throws WebSocketClosedException when no more can come
     * @throws WaitInterruptedException if the thread is interrupted meanwhile; nothing is lost
     * @throws IllegalStateException if another thread waits for a message, or on an event loop
     */
    Message receive();

    /**
     * Waits for the next message for a while.
     *
     * @param timeout how long to wait; zero or less looks for what is there
     * @return empty if none came in time; nothing is lost
     * @throws WebSocketClosedException when no more can come
     * @throws WaitInterruptedException if the thread is interrupted meanwhile; nothing is lost
     * @throws IllegalStateException if another thread waits for a message, or on an event loop
     */
    Optional<Message> receive(Duration timeout);

    /**
     * Sends a message, and waits first while more than the high-water mark waits.
     *
     * @throws WebSocketClosedException if the connection is closing
     * @throws WaitInterruptedException if the thread is interrupted while it waits; the message is not sent
     * @throws IllegalStateException on an event loop; use {@link #sendAsync} or {@link #trySend} there
     */
    void send(Message message);

    /** Sends a text, as {@link #send(Message)}; an unpaired surrogate in it is an {@link IllegalArgumentException}. */
    default void send(String text) {
        send(TextMessage.of(text));
    }

    /** Sends bytes, which are copied, as {@link #send(Message)}. */
    default void send(byte[] bytes) {
        send(BinaryMessage.of(bytes));
    }

    /**
     * Sends a binary message with all that the stream has, as it is read; waits while the transport takes no more. Messages of other threads
     * wait meanwhile. Does not close the stream.
     *
     * <p>A message that has begun cannot be taken back: if reading fails, or the thread is interrupted, the connection closes with 1011.
     *
     * @throws IOException if reading fails
     * @throws WebSocketClosedException if the connection is closing, or does before the end
     * @throws WaitInterruptedException if the thread is interrupted while it waits
     * @throws IllegalStateException on an event loop
     */
    void send(InputStream bytes) throws IOException;

    /** Sends a text message with all that the reader has, as {@link #send(InputStream)} does. */
    void send(Reader text) throws IOException;

    /**
     * Sends a ping and waits for its pong.
     *
     * @return the round-trip time
     * @throws WebSocketClosedException if the connection ends before that
     * @throws WaitInterruptedException if the thread is interrupted meanwhile
     * @throws IllegalStateException on an event loop; use {@link #pingAsync} there
     */
    Duration ping();

    /**
     * Closes with 1000 and waits for the peer, at most the close timeout. Idempotent. An interrupt ends the wait and stays set as the thread's
     * flag; closing goes on by itself.
     *
     * @throws IllegalStateException on an event loop; use {@link #closeAsync} there
     */
    @Override
    void close();

    /**
     * Closes and waits for the peer, at most the close timeout.
     *
     * @param code one that may be sent
     * @param reason at most 123 bytes of UTF-8
     * @return how the connection ended, by whichever side
     * @throws IllegalArgumentException if code or reason cannot be sent
     * @throws WaitInterruptedException if the thread is interrupted meanwhile; closing goes on by itself
     * @throws IllegalStateException on an event loop; use {@link #closeAsync} there
     */
    Closed close(int code, String reason);
}
