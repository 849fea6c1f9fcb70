// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.tck.Captured;
import io.hawser.tck.Patience;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** Who hands chunks to a thread that reads them. */
public final class ChunkQueueVerificationTest extends FlowSubscriberBlackboxVerification<String> {
    public ChunkQueueVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<String> createFlowSubscriber() {
        Captured<String> source = new Captured<>();
        ChunkQueue<String> unused = ChunkQueue.of(source);
        return source.subscriber();
    }

    @Override
    public String createElement(int element) {
        return Integer.toString(element);
    }

    @Override
    public void triggerFlowRequest(Flow.Subscriber<? super String> subscriber) {
        // It asks for the first chunks at once, and for another when one is taken.
    }
}
