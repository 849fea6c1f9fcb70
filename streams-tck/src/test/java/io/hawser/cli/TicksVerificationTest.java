// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.Message;
import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** The ticks of the demo. */
public final class TicksVerificationTest extends FlowPublisherVerification<Message> {
    public TicksVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<Message> createFlowPublisher(long elements) {
        return new Ticks();
    }

    @Override
    public Flow.Publisher<Message> createFailedFlowPublisher() {
        return null; // it never fails
    }

    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete(); // it ticks for ever
    }

    @Override
    public boolean skipStochasticTests() {
        return true; // they take 1,000 ticks, of a tenth of a second each
    }
}
