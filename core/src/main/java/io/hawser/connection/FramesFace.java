// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.Delivery;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives a handler whole frames; takes the next while it is not paused and its output can leave. */
final class FramesFace extends ChannelFace {
    private final Function<? super FrameChannel, ? extends FrameHandler> open;
    private FrameHandler handler = frame -> {};
    /** A frame that was asked for before the handler paused. */
    private @Nullable Frame kept;

    FramesFace(LiveConnection live, Function<? super FrameChannel, ? extends FrameHandler> open) {
        super(live);
        this.open = open;
    }

    @Override
    Delivery delivery() {
        return live.options().rawFragments() ? new Delivery.Fragments(this::onData) : new Delivery.Messages(this::onData);
    }

    @Override
    void onOpen() {
        handler = open.apply(this);
        requestNext();
    }

    @Override
    void onPing(byte[] payload) {
        super.onPing(payload);
        Frame ping = received(Opcode.PING, true, payload);
        guard(() -> handler.onFrame(ping));
    }

    @Override
    void onPong(byte[] payload) {
        super.onPong(payload);
        Frame pong = received(Opcode.PONG, true, payload);
        guard(() -> handler.onFrame(pong));
    }

    @Override
    void onRoundTrip(Duration time) {
        guard(() -> handler.onRoundTrip(time));
    }

    @Override
    void onClosed(Closed how) {
        deliverKept(); // what came before a close is delivered before it
        handler.onClosed(how);
    }

    private void onData(Opcode opcode, boolean fin, byte[] payload) {
        onTaken();
        Frame frame = received(opcode, fin, payload);
        if (isPaused()) {
            kept = frame;
        } else {
            guard(() -> handler.onFrame(frame));
            requestNext();
        }
    }

    private void deliverKept() {
        Frame frame = kept;
        if (frame != null) {
            kept = null;
            guard(() -> handler.onFrame(frame));
        }
    }

    @Override
    boolean isCaughtUp() {
        return kept == null;
    }

    @Override
    void onResumed() {
        deliverKept();
    }
}
