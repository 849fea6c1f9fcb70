// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.protocol.engine.Delivery;

/** A face that is given messages on the loop, in the form that its policy asks for. */
abstract class MessageFace extends Face {
    final Intake intake;

    MessageFace(LiveConnection live) {
        super(live);
        this.intake = Intake.of(live.options().messages(), live, this::deliver);
    }

    private void deliver(Message message) {
        if (message instanceof Unread streamed) {
            streamed.onDelivered();
        }
        onMessage(message);
    }

    /** A message that was requested. */
    abstract void onMessage(Message message);

    @Override
    final Delivery delivery() {
        return intake.delivery();
    }

    @Override
    final boolean isCaughtUp() {
        return intake.isCaughtUp();
    }

    @Override
    void onClosed(Closed how) {
        intake.onClosed(how);
    }
}
