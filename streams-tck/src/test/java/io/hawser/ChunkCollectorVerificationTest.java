// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.tck.Captured;
import io.hawser.tck.Patience;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** Who puts a message together. */
public final class ChunkCollectorVerificationTest extends FlowSubscriberBlackboxVerification<ByteBuffer> {
    public ChunkCollectorVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
        Captured<ByteBuffer> source = new Captured<>();
        ChunkCollector.collect(source, ChunkCollector::bytesOf, () -> {}, 1 << 20, Duration.ofMinutes(1));
        return source.subscriber();
    }

    @Override
    public ByteBuffer createElement(int element) {
        return ByteBuffer.wrap(new byte[] {(byte) element});
    }
}
