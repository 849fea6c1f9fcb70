// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.stage.ControlOutput;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** What this side sends, on its way to the queue: through the user's stages, where there are any. */
final class Sends implements ControlOutput {
    private final OutgoingFrames outgoing;
    private final @Nullable UserStages stages;
    private final int fragmentBytes;

    /**
     * What one side sends.
     *
     * @param fragmentBytes the longest frame of a whole message
     * @param host has the user's stages, if there are any
     * @param onFail fails the connection at an instant
     */
    Sends(OutgoingFrames outgoing, int fragmentBytes, @Nullable StageHost host, ObjLongConsumer<CloseStatus> onFail) {
        this.outgoing = outgoing;
        this.fragmentBytes = fragmentBytes;
        this.stages = host == null ? null : new UserStages(host, outgoing, onFail);
    }

    @Nullable UserStages stages() {
        return stages;
    }

    void openStages() {
        if (stages != null) {
            stages.open();
        }
    }

    /** The connection is closed. */
    void onClosed() {
        if (stages != null) {
            stages.onClosed();
        }
    }

    /** A whole message. */
    void message(Opcode opcode, ByteBuffer payload, @Nullable SendCallback callback) {
        if (payload.remaining() <= fragmentBytes) {
            frame(opcode, true, payload, callback);
            return;
        }
        Opcode next = opcode;
        int at = payload.position();
        for (; payload.limit() - at > fragmentBytes; at += fragmentBytes) {
            frame(next, false, payload.duplicate().position(at).limit(at + fragmentBytes), null);
            next = Opcode.CONTINUATION;
        }
        frame(next, true, payload.duplicate().position(at), callback);
    }

    /** A whole message that others are sent as well; where it is to be cut, or looked at, it is this connection's alone. */
    void message(PermessageDeflate.Shared message, @Nullable SendCallback callback) {
        if (stages == null && message.payload().remaining() <= fragmentBytes) {
            outgoing.shared(message, callback);
        } else {
            message(message.opcode(), message.payload(), callback);
        }
    }

    private void frame(Opcode opcode, boolean fin, ByteBuffer payload, @Nullable SendCallback callback) {
        if (stages == null) {
            outgoing.data(opcode, fin, 0, OptionalInt.empty(), payload, callback);
        } else {
            stages.send(Frame.of(opcode, fin, payload), callback);
        }
    }

    /** A frame as it is, other than a close. */
    void frame(Frame frame, @Nullable SendCallback callback) {
        if (frame.opcode().isControl()) {
            control(frame, callback);
        } else if (stages == null) {
            outgoing.data(frame.opcode(), frame.fin(), frame.rsv(), frame.maskingKey(), frame.payload(), callback);
        } else {
            stages.send(frame, callback);
        }
    }

    @Override
    public void control(Frame frame, @Nullable SendCallback callback) {
        if (stages == null) {
            outgoing.control(frame, callback);
        } else {
            stages.send(frame, callback);
        }
    }

    @Override
    public void answer(byte[] payload) {
        if (stages == null) {
            outgoing.answer(payload);
        } else {
            stages.answer(Frame.wrap(Opcode.PONG, true, payload));
        }
    }

    /** A close frame, which bypasses the stages. */
    @Override
    public void close(CloseStatus status, SendCallback callback) {
        if (stages != null) {
            stages.closeLeaves(status);
        }
        outgoing.close(status, callback);
    }
}
