// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.Delivery;
import java.util.function.Function;

/** Gives a handler whole frames; takes the next while it is not paused and its output can leave. */
final class FramesFace extends Face implements FrameChannel {
    private final Function<? super FrameChannel, ? extends FrameHandler> open;
    private FrameHandler handler = frame -> {};
    private Runnable onWritable = () -> {};
    private boolean requested;
    private boolean paused;

    FramesFace(LiveConnection live, Function<? super FrameChannel, ? extends FrameHandler> open) {
        super(live);
        this.open = open;
    }

    @Override
    Delivery delivery(WebSocketOptions options) {
        return options.rawFragments() ? new Delivery.Fragments(this::onData) : new Delivery.Messages(this::onData);
    }

    @Override
    void onOpen() {
        handler = open.apply(this);
        requestNext();
    }

    @Override
    void onWritable() {
        onWritable.run();
        requestNext();
    }

    @Override
    void onPing(byte[] payload) {
        guard(() -> handler.onFrame(Frame.wrap(Opcode.PING, true, payload)));
    }

    @Override
    void onPong(byte[] payload) {
        guard(() -> handler.onFrame(Frame.wrap(Opcode.PONG, true, payload)));
    }

    @Override
    void onClosed(Closed how) {
        handler.onClosed(how);
    }

    private void onData(Opcode opcode, boolean fin, byte[] payload) {
        requested = false;
        guard(() -> handler.onFrame(Frame.wrap(opcode, fin, payload)));
        requestNext();
    }

    private void requestNext() {
        if (!requested && !paused && live.isWritable()) {
            requested = true;
            live.request(1);
        }
    }

    @Override
    public void send(Frame frame) {
        live.send(frame);
    }

    @Override
    public boolean isWritable() {
        boolean writable = live.waitingBytes() <= live.options().highWaterBytes();
        if (!writable) {
            live.noteRefusal();
        }
        return writable;
    }

    @Override
    public void onWritable(Runnable action) {
        live.onLoop(() -> onWritable = action);
    }

    @Override
    public void pause() {
        live.onLoop(() -> paused = true);
    }

    @Override
    public void resume() {
        live.onLoop(() -> {
            paused = false;
            requestNext();
        });
    }
}
