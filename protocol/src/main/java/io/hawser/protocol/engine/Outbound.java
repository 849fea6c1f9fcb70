// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import java.nio.ByteBuffer;

/**
 * Where an engine's encoded bytes go: the transport of one connection, or what stands in front of it. Called on the thread that
 * drives the engine, also from within its callbacks, so an implementation must not call the engine back.
 */
public interface Outbound {
    /**
     * Room for the next bytes.
     *
     * @param bytes how many are to be written, up to 64 KiB and a header
     * @return a buffer with at least so much remaining, into which the engine writes exactly so many at once; it does not use
     *     it after that
     */
    ByteBuffer reserve(int bytes);

    /** Whether more may be encoded now. If not, the engine queues frames and goes on when it is told of progress. */
    boolean isWritable();

    /**
     * The engine has said its last word. What was written is to be flushed, the output ended, and the connection closed so that
     * the peer can read it: input is discarded for a bounded time and amount, as a reset would destroy what is on its way.
     */
    void end();

    /** Closes the transport at once; what was not accepted yet is lost. */
    void cut();
}
