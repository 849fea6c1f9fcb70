// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.protocol.engine.Delivery;
import java.util.function.Function;

/** Answers each message with one; takes the next while the answers can leave. */
final class EachFace extends Face {
    private final Function<? super Message, ? extends Message> answer;
    private final Intake intake;
    private boolean requested;

    EachFace(LiveConnection live, Function<? super Message, ? extends Message> answer) {
        super(live);
        this.answer = answer;
        this.intake = Intake.of(live.options().messages(), live, this::onMessage);
    }

    @Override
    Delivery delivery() {
        return intake.delivery();
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
    boolean isCaughtUp() {
        return intake.isCaughtUp();
    }

    @Override
    void onClosed(Closed how) {
        intake.onClosed(how);
    }

    private void onMessage(Message message) {
        requested = false;
        guard(() -> live.output().send(answer.apply(message), null));
        requestNext();
    }

    private void requestNext() {
        if (!requested && live.output().takesMessages()) {
            requested = true;
            intake.request(1);
        }
    }
}
