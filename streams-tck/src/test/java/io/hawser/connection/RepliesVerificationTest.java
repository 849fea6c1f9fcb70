// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.tck.Captured;
import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** Who sends a handler's messages. */
public final class RepliesVerificationTest extends FlowSubscriberBlackboxVerification<Message> {
    public RepliesVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<Message> createFlowSubscriber() {
        Captured<Message> source = new Captured<>();
        RunningTalk.with(WebSocketHandler.streams(in -> source), MessagePolicy.strict());
        return source.subscriber();
    }

    @Override
    public Message createElement(int element) {
        return TextMessage.of(Integer.toString(element));
    }
}
