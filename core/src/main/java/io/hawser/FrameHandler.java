// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameStage;
import java.time.Duration;

/** Takes the frames of one connection, on its event loop. An exception closes the connection with 1011. */
@FunctionalInterface
public interface FrameHandler {
    /** A data frame, a ping (answered already where automatic pongs are on) or a pong. Close frames are told as {@link #onClosed}. */
    void onFrame(Frame frame);

    /**
     * A ping was answered: one sent by hand, by {@link Connection#pingAsync} or by {@link FrameStage#autoPing}.
     *
     * @param time from the ping's sending to its pong
     */
    default void onRoundTrip(Duration time) {}

    /** The connection is closed. Called exactly once, whichever side began and however it ended. */
    default void onClosed(Closed closed) {}
}
