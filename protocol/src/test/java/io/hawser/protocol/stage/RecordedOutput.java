// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.testing.Hex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes control frames of stages, and is a control sink that passes nothing on. */
final class RecordedOutput implements ControlOutput, ControlSink {
    final List<String> told = new ArrayList<>();
    final List<Frame> frames = new ArrayList<>();
    final List<SendCallback> callbacks = new ArrayList<>();
    byte[] answer = {};
    /** Of the latest ping. */
    byte[] payload = {};

    @Override
    public void control(Frame frame, @Nullable SendCallback callback) {
        told.add("send " + frame.opcode() + " " + Hex.hex(bytes(frame)));
        frames.add(frame);
        callbacks.add(callback);
    }

    @Override
    public void answer(byte[] handedOver) {
        told.add("answer " + Hex.hex(handedOver));
        answer = handedOver;
    }

    @Override
    public void close(CloseStatus status, SendCallback callback) {
        told.add("send CLOSE " + status);
        callbacks.add(callback);
    }

    @Override
    public void onPing(byte[] handedOver) {
        payload = handedOver;
        told.add("ping " + Hex.hex(handedOver));
    }

    @Override
    public void onPong(byte[] handedOver) {
        told.add("pong " + Hex.hex(handedOver));
    }

    @Override
    public void onClose(byte[] handedOver) {
        told.add("close " + Hex.hex(handedOver));
    }

    static byte[] bytes(Frame frame) {
        byte[] bytes = new byte[frame.length()];
        frame.payload().get(bytes);
        return bytes;
    }
}
