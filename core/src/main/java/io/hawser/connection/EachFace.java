// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.engine.Delivery;
import java.util.function.Function;

/** Answers each message with one; takes the next while the answers can leave. */
final class EachFace extends Face {
    private final Function<? super Message, ? extends Message> answer;
    private boolean requested;

    EachFace(LiveConnection live, Function<? super Message, ? extends Message> answer) {
        super(live);
        this.answer = answer;
    }

    @Override
    Delivery delivery(WebSocketOptions options) {
        return new Delivery.Messages(this::onMessage);
    }

    @Override
    void onOpen() {
        requestNext();
    }

    @Override
    void onWritable() {
        requestNext();
    }

    @Override
    void onClosed(Closed how) {}

    private void onMessage(Opcode opcode, boolean fin, byte[] payload) {
        requested = false;
        guard(() -> live.send(answer.apply(Messages.of(opcode, payload)), null));
        requestNext();
    }

    private void requestNext() {
        if (!requested && live.isWritable()) {
            requested = true;
            live.request(1);
        }
    }
}
