// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.FrameChannel;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.engine.Delivery;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Gives a sink frames in the chunks in which they come; takes the next chunk while it is not paused and its output can leave. */
final class RawFramesFace extends ChannelFace implements FrameSink {
    private final Function<? super FrameChannel, ? extends FrameSink> open;
    private FrameSink sink = this;
    private boolean frameHasPayload;

    RawFramesFace(LiveConnection live, Function<? super FrameChannel, ? extends FrameSink> open) {
        super(live);
        this.open = open;
    }

    @Override
    Delivery delivery() {
        return new Delivery.Chunks(this);
    }

    @Override
    void onOpen() {
        sink = open.apply(this);
        requestNext();
    }

    @Override
    void onClosed(Closed how) {}

    @Override
    void onPing(byte[] payload) {
        super.onPing(payload);
        control(Opcode.PING, payload);
    }

    @Override
    void onPong(byte[] payload) {
        super.onPong(payload);
        control(Opcode.PONG, payload);
    }

    private void control(Opcode opcode, byte[] payload) {
        guardPeer(() -> {
            sink.onFrame(opcode, true, 0, payload.length);
            if (payload.length > 0) {
                sink.onPayload(ByteBuffer.wrap(payload));
            }
            sink.onFrameEnd();
        });
    }

    @Override
    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
        frameHasPayload = false;
        guardPeer(() -> sink.onFrame(opcode, fin, rsv, length));
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        frameHasPayload = true;
        onTaken();
        if (isPaused()) {
            return; // asked for before the pause; the engine keeps it
        }
        guardPeer(() -> sink.onPayload(chunk));
        if (!chunk.hasRemaining()) {
            requestNext();
        }
    }

    @Override
    public void onFrameEnd() {
        guardPeer(sink::onFrameEnd);
        if (!frameHasPayload) {
            onTaken();
            requestNext();
        }
    }

    /** A sink may find a fault of the peer's; anything else is its own. */
    private void guardPeer(Runnable code) {
        try {
            code.run();
        } catch (ProtocolViolation fault) {
            throw fault;
        } catch (Throwable failure) {
            live.failed(failure);
        }
    }
}
