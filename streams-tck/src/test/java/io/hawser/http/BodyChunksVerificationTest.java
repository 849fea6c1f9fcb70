// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import io.hawser.tck.Patience;
import io.hawser.waiting.Surroundings;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** What is read, as files are, on threads that may block. */
public final class BodyChunksVerificationTest extends FlowPublisherVerification<ByteBuffer> {
    private static final int CHUNK_BYTES = 64 << 10;

    public BodyChunksVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    static Flow.Publisher<ByteBuffer> chunks(long count) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count * CHUNK_BYTES));
        return BodyChunks.of(new Response.Body.Bytes(bytes), Surroundings.ofSystem());
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
        return chunks(elements);
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }

    /** A file that is not there fails when it is asked for, and not before. */
    @Override
    public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
        return null;
    }
}
