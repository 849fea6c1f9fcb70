// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.Flow;

/** Publishes what another publisher does, compressed, on its threads. */
final class GzipChunks implements Flow.Publisher<ByteBuffer> {
    private final Flow.Publisher<ByteBuffer> source;
    private final OptionalLong length;
    private final boolean flushing;

    /**
     * Nothing is subscribed to so far.
     *
     * @param length of what is compressed, if it is known
     * @param flushing whether each chunk can be read when it has come, at the cost of some bytes
     */
    GzipChunks(Flow.Publisher<ByteBuffer> source, OptionalLong length, boolean flushing) {
        this.source = source;
        this.length = length;
        this.flushing = flushing;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        source.subscribe(new GzipStage(subscriber, new BodyLength(length), flushing));
    }
}
