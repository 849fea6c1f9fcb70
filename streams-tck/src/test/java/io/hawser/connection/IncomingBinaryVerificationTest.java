// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.WebSocketHandler;
import io.hawser.tck.Patience;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The chunks of a streamed binary message. */
public final class IncomingBinaryVerificationTest extends FlowPublisherVerification<ByteBuffer> {
    public IncomingBinaryVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
        CompletableFuture<Message> message = new CompletableFuture<>();
        RunningTalk.with(
                        WebSocketHandler.streams(in -> {
                            in.subscribe(new FirstMessage(message));
                            return in.receiveOnly();
                        }),
                        MessagePolicy.streamed())
                .run(talk -> {
                    int opcode = ClientFrames.BINARY;
                    for (int i = 0; i < Math.min(elements, RunningTalk.MANY); i++) {
                        talk.saysOnly(ClientFrames.frame(opcode, ClientFrames.utf8("chunk " + i)));
                        opcode = ClientFrames.CONTINUATION;
                    }
                    if (elements <= RunningTalk.MANY) {
                        talk.saysOnly(ClientFrames.frame(ClientFrames.FIN | opcode, new byte[0]));
                    }
                });
        return ((BinaryMessage) RunningTalk.await(message)).chunks();
    }

    /** One whose only subscription is taken. */
    @Override
    public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
        Flow.Publisher<ByteBuffer> chunks = createFlowPublisher(1);
        chunks.subscribe(new ChunkProbe<>());
        return chunks;
    }
}
