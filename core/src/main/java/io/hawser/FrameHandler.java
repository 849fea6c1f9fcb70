// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Frame;

/** Takes the frames of one connection, on its event loop. An exception closes the connection with 1011. */
@FunctionalInterface
public interface FrameHandler {
    /** A data frame, a ping (answered already where automatic pongs are on) or a pong. Close frames are told as {@link #onClosed}. */
    void onFrame(Frame frame);

    /** The connection is closed. Called exactly once, whichever side began and however it ended. */
    default void onClosed(Closed closed) {}
}
