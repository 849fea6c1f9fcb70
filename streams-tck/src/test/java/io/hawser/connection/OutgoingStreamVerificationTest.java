// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.tck.Captured;
import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** Who sends the chunks of a streamed message. */
public final class OutgoingStreamVerificationTest extends FlowSubscriberBlackboxVerification<String> {
    public OutgoingStreamVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<String> createFlowSubscriber() {
        Captured<String> source = new Captured<>();
        RunningTalk.with(
                WebSocketHandler.streams(in -> {
                    in.sendAsync(TextMessage.streamed(source));
                    return in.receiveOnly();
                }),
                MessagePolicy.strict());
        return source.subscriber();
    }

    @Override
    public String createElement(int element) {
        return Integer.toString(element);
    }
}
