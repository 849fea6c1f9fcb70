// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.FrameStage;
import java.time.Duration;
import java.util.List;

/** What an engine needs in order to run the user's stages: which they are, a clock and timers. Called on the engine's thread. */
public interface StageHost {
    /** The stages, the nearest to the wire first. */
    List<FrameStage> stages();

    /** Whether stages get the fragments of a message one by one. */
    boolean rawFragments();

    /**
     * Runs a task on the engine's thread after a time.
     *
     * @return cancels it when it is run
     */
    Runnable schedule(Duration delay, Runnable task);

    /** The present instant of the engine's clock. */
    long nanoTime();

    /** A stage measured a round trip. */
    void onRoundTrip(Duration time);

    /** A stage threw something, or gave out what is not legal; the engine fails the connection with 1011 after this. */
    void onStageFailed(FrameStage stage, Throwable cause);
}
