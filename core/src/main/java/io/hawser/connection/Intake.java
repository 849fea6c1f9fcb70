// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.protocol.engine.Delivery;
import java.util.function.Consumer;

/** The way from incoming frames to the messages that a handler's policy asks for. The loop's own. */
abstract class Intake {
    final LiveConnection live;
    final Consumer<Message> onMessage;

    Intake(LiveConnection live, Consumer<Message> onMessage) {
        this.live = live;
        this.onMessage = onMessage;
    }

    /**
     * The intake that a policy needs.
     *
     * @param onMessage takes the messages, as many as were requested
     */
    static Intake of(MessagePolicy policy, LiveConnection live, Consumer<Message> onMessage) {
        return policy.strictBytes() == policy.maxBytes()
                ? new WholeMessages(live, onMessage)
                : new StreamedMessages(policy.strictBytes(), live, onMessage);
    }

    /** In which pieces data is to come from the engine. */
    abstract Delivery delivery();

    /** Adds to the demand for messages. */
    abstract void request(long messages);

    /** Whether no message waits here for demand. */
    boolean isCaughtUp() {
        return true;
    }

    /** Whether a message that was delivered has not ended yet. */
    boolean isInsideMessage() {
        return false;
    }

    /** The connection is closed. */
    void onClosed(Closed how) {}

    /** Messages that the engine puts together. */
    private static final class WholeMessages extends Intake {
        WholeMessages(LiveConnection live, Consumer<Message> onMessage) {
            super(live, onMessage);
        }

        @Override
        Delivery delivery() {
            return new Delivery.Messages((opcode, fin, payload) -> onMessage.accept(Messages.of(opcode, payload)));
        }

        @Override
        void request(long messages) {
            live.request(messages);
        }
    }
}
