// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.tck.Captured;
import io.hawser.tck.Drain;
import io.hawser.tck.Patience;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** A body that is compressed by and by, as its source sees it. */
public final class GzipStageVerificationTest extends FlowSubscriberBlackboxVerification<ByteBuffer> {
    public GzipStageVerificationTest() {
        super(Patience.environment());
    }

    @Override
    public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
        Captured<ByteBuffer> source = new Captured<>();
        new GzipChunks(source, OptionalLong.empty(), true).subscribe(new Drain());
        return source.subscriber();
    }

    @Override
    public ByteBuffer createElement(int element) {
        return ByteBuffer.allocate(10);
    }
}
