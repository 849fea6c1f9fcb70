// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.nio.ByteBuffer;

/** Told of a wire's events, on its loop. */
public interface WireListener {
    /**
     * Bytes came.
     *
     * @param bytes borrowed, and written to; what was consumed is taken by advancing the position
     * @return whether to read on; if not, what is left is kept and offered again, in front of what follows, by {@link Wire#resumeReading}
     */
    boolean onRead(ByteBuffer bytes);

    /** What came in one go is through: time to flush. */
    void onReadComplete();

    /** The peer has ended its output. */
    void onInputEnd();

    /** The transport has accepted bytes, after it had not taken all at once. */
    void onAccepted();

    /** This side's own code failed while it took one of these events: an error, a fault, memory that is used up. The wire stays open. */
    void onFailure(Throwable cause);

    /** The transport is gone; the last event. */
    void onClosed(String how);
}
