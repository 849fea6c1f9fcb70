// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.tck.Patience;
import io.hawser.waiting.Surroundings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The chunks of a message that a thread reads from somewhere and sends. */
public final class FedChunksVerificationTest extends FlowPublisherVerification<String> {
    public FedChunksVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
        return feeding(elements);
    }

    private static FedChunks<String> feeding(long elements) {
        CompletableFuture<FedChunks<String>> made = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            FedChunks<String> chunks = new FedChunks<>(Surroundings.ofSystem());
            made.complete(chunks);
            feed(chunks, elements);
        });
        return RunningTalk.await(made);
    }

    private static void feed(FedChunks<String> chunks, long elements) {
        long[] left = {elements};
        try {
            chunks.feed(() -> left[0]-- > 0 ? "chunk" : null);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** One whose only subscription is taken. */
    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
        FedChunks<String> chunks = feeding(1);
        chunks.subscribe(new ChunkProbe<>());
        return chunks;
    }
}
