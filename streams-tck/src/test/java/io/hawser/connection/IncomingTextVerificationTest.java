// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.tck.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The chunks of a streamed text. */
public final class IncomingTextVerificationTest extends FlowPublisherVerification<String> {
    public IncomingTextVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
        CompletableFuture<Message> message = new CompletableFuture<>();
        RunningTalk.with(
                        WebSocketHandler.streams(in -> {
                            in.subscribe(new FirstMessage(message));
                            return in.receiveOnly();
                        }),
                        MessagePolicy.streamed())
                .run(talk -> {
                    int opcode = ClientFrames.TEXT;
                    for (int i = 0; i < Math.min(elements, RunningTalk.MANY); i++) {
                        talk.saysOnly(ClientFrames.frame(opcode, ClientFrames.utf8("chunk " + i)));
                        opcode = ClientFrames.CONTINUATION;
                    }
                    if (elements <= RunningTalk.MANY) {
                        talk.saysOnly(ClientFrames.frame(ClientFrames.FIN | opcode, new byte[0]));
                    }
                });
        return ((TextMessage) RunningTalk.await(message)).chunks();
    }

    /** One whose only subscription is taken. */
    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
        Flow.Publisher<String> chunks = createFlowPublisher(1);
        chunks.subscribe(new ChunkProbe<>());
        return chunks;
    }
}
