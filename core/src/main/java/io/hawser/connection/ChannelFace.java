// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.FrameChannel;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;

/** What the faces for frames have in common: sending frames, and taking the next piece while not paused and the output can leave. */
abstract class ChannelFace extends Face implements FrameChannel {
    private Runnable onWritable = () -> {};
    private boolean requested;
    private boolean paused;

    ChannelFace(LiveConnection live) {
        super(live);
    }

    /** The pause is over; what was kept meanwhile goes first. */
    void onResumed() {}

    final boolean isPaused() {
        return paused;
    }

    /** The piece has come that was asked for. */
    final void onTaken() {
        requested = false;
    }

    final void requestNext() {
        if (!requested && !paused && live.output().isWritable()) {
            requested = true;
            live.request(1);
        }
    }

    @Override
    final void onWritable() {
        onWritable.run();
        requestNext();
    }

    @Override
    public final void send(Frame frame) {
        if (frame.opcode() == Opcode.CLOSE) {
            live.close(frame);
        } else {
            live.output().send(frame);
        }
    }

    @Override
    public final boolean isWritable() {
        return live.end().known() == null && live.output().takesFrames();
    }

    @Override
    public final void onWritable(Runnable action) {
        live.onLoop(() -> onWritable = action);
    }

    @Override
    public final void pause() {
        live.onLoop(() -> paused = true);
    }

    @Override
    public final void resume() {
        live.onLoop(() -> {
            paused = false;
            onResumed();
            if (!paused) {
                live.caughtUp();
                requestNext();
            }
        });
    }
}
