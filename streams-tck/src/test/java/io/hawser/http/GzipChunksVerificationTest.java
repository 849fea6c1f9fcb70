// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.tck.Patience;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A body that is compressed by and by, as its subscriber sees it. */
public final class GzipChunksVerificationTest extends FlowPublisherVerification<ByteBuffer> {
    public GzipChunksVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    /** One chunk for each that comes, and its end. */
    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
        return new GzipChunks(BodyChunksVerificationTest.chunks(Math.max(0, elements - 1)), OptionalLong.empty(), true);
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1_000;
    }

    @Override
    public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
        return null;
    }
}
