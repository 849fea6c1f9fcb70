// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import java.util.function.Function;

/** Answers each message with one; takes the next while the answers can leave. */
final class EachFace extends MessageFace {
    private final Function<? super Message, ? extends Message> answer;
    private boolean requested;

    EachFace(LiveConnection live, Function<? super Message, ? extends Message> answer) {
        super(live);
        this.answer = answer;
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
    void onMessage(Message message) {
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
