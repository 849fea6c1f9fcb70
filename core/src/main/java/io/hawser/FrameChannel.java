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
     * Sends a frame as it is. Fragments of a message must be sent in sequence from the loop, with no other data frame between them. A close
     * frame begins to close, as {@link #closeAsync}; frames behind it are dropped.
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
