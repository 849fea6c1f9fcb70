// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.MessageStream;
import io.hawser.WebSocketHandler;
import io.hawser.tck.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The incoming messages of a connection. */
public final class MessageStreamVerificationTest extends FlowPublisherVerification<Message> {
    public MessageStreamVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<Message> createFlowPublisher(long elements) {
        return stream(elements);
    }

    private static MessageStream stream(long elements) {
        CompletableFuture<MessageStream> stream = new CompletableFuture<>();
        RunningTalk.with(
                        WebSocketHandler.streams(in -> {
                            stream.complete(in);
                            return in.receiveOnly();
                        }),
                        MessagePolicy.strict())
                .run(talk -> {
                    for (int i = 0; i < Math.min(elements, RunningTalk.MANY); i++) {
                        talk.saysOnly(ClientFrames.text("message " + i));
                    }
                    if (elements <= RunningTalk.MANY) {
                        talk.saysOnly(ClientFrames.close(1000, ""));
                    }
                });
        return RunningTalk.await(stream);
    }

    /** One whose only subscription is taken. */
    @Override
    public Flow.Publisher<Message> createFailedFlowPublisher() {
        MessageStream stream = stream(0);
        stream.subscribe(new Probe());
        return stream;
    }
}
