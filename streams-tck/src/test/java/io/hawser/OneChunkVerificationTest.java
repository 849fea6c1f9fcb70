// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The one chunk of a strict message. */
public final class OneChunkVerificationTest extends FlowPublisherVerification<String> {
    public OneChunkVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
        return new OneChunk<>("chunk");
    }

    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
        return null; // it takes any number of subscribers, and never fails
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }
}
