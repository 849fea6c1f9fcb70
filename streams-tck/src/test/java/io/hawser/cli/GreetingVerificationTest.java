// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.support.HelperPublisher;

/** The demo's greeting, as who publishes it. */
public final class GreetingVerificationTest extends FlowPublisherVerification<String> {
    /** "Hello " and "!", whatever the name. */
    private static final int FEWEST = 2;

    public GreetingVerificationTest() {
        super(Patience.environment(), Patience.GC_MILLIS);
    }

    @Override
    public Flow.Publisher<String> createFlowPublisher(long elements) {
        int pieces = (int) Math.min(Integer.MAX_VALUE, Math.max(0, elements - FEWEST));
        return new Greeting(FlowAdapters.toFlowPublisher(
                new HelperPublisher<>(0, pieces, piece -> "x", ForkJoinPool.commonPool())));
    }

    /** The greeting of a name that fails. */
    @Override
    public Flow.Publisher<String> createFailedFlowPublisher() {
        return new Greeting(subscriber -> {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {}

                @Override
                public void cancel() {}
            });
            subscriber.onError(new IllegalStateException("there is no name"));
        });
    }

    @Override
    public void required_createPublisher1MustProduceAStreamOfExactly1Element() throws Throwable {
        notVerified("a greeting has at least two parts");
    }

    @Override
    public void required_spec107_mustNotEmitFurtherSignalsOnceOnCompleteHasBeenSignalled() throws Throwable {
        notVerified("it asks for a stream of one, and a greeting has at least two parts");
    }

    @Override
    public void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() throws Throwable {
        notVerified("a greeting has at least two parts");
    }
}
