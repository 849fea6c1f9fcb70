// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Frame;

/**
 * A connection whose handler sees frames. The handler is called on the event loop and must not block.
 *
 * <p>While more than the high-water mark waits to leave, no data frames are delivered, so that a handler that answers each frame cannot
 * pile up answers for a peer that takes none.
 */
public interface FrameChannel extends Connection {
    /**
     * Sends a frame as it is, behind what was sent before; any thread may, and it never blocks. A close frame begins to close, as {@link
     * #closeAsync}; frames behind it are dropped.
     *
     * <p>Nothing is checked unless there are {@linkplain WebSocketOptions#stages stages}: this is the method of gateways, which pass on what
     * they got, and of tests. A continuation of nothing, a text that is not UTF-8 or a reserved bit without an extension that gives it a
     * meaning reaches the peer, which then {@linkplain io.hawser.protocol.CloseStatus fails the connection} with 1002 or 1007 (RFC 6455, 5.2,
     * 5.4 and 8.1). Fragments of a message must therefore be sent in sequence from the loop, with no other data frame between them, be it of
     * {@link #sendAsync}, {@link #trySend} or another thread; pings and pongs may stand between them.
     *
     * <p>What is sent while {@link #isWritable} says no is kept, however much it is.
     *
     * @throws IllegalArgumentException if it is a close frame whose body is not legal (RFC 6455, 5.5.1 and 7.4)
     */
    void send(Frame frame);

    /** Whether less than the high-water mark waits to leave. */
    boolean isWritable();

    /** Runs this on the loop whenever the channel has become writable again; replaces what was set before. */
    void onWritable(Runnable action);

    /** Delivers no further data frames until {@link #resume}; reading stops when one has come. */
    void pause();

    /** Delivers data frames again. */
    void resume();
}
