// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.stage.ControlSink;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes frames of control payloads. A close frame has no place where they are used, but at the entry, which passes it by. */
record WholeFrames(Consumer<Frame> next, Consumer<byte[]> onClose, Supplier<OptionalInt> key) implements ControlSink {
    /** Frames that nobody masked, and no close among them. */
    static WholeFrames unmasked(Consumer<Frame> next) {
        return new WholeFrames(next, payload -> {
            throw new AssertionError("what a stage gives out was checked");
        }, OptionalInt::empty);
    }

    static Frame masked(Frame frame, OptionalInt key) {
        return key.isPresent() ? frame.withMaskingKey(key.getAsInt()) : frame;
    }

    @Override
    public void onPing(byte[] payload) {
        next.accept(masked(Frame.wrap(Opcode.PING, true, payload), key.get()));
    }

    @Override
    public void onPong(byte[] payload) {
        next.accept(masked(Frame.wrap(Opcode.PONG, true, payload), key.get()));
    }

    @Override
    public void onClose(byte[] payload) {
        onClose.accept(payload);
    }
}
