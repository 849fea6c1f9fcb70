// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The output of a handler that only receives. */
public final class NeverVerificationTest extends FlowPublisherVerification<String> {
    public NeverVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
        return new Never<>();
    }

    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
        return null; // it takes any number of subscribers, and never fails
    }

    @Override
    public long maxElementsFromPublisher() {
        return 0; // that is its point
    }
}
