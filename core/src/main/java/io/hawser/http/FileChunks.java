// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** Publishes a part of a file, read on a thread that may block, for each subscriber anew. */
public final class FileChunks implements Flow.Publisher<ByteBuffer> {
    private final Response.Body.FilePart file;
    private final Surroundings surroundings;

    /**
     * Nothing is opened before it is subscribed to.
     *
     * @param surroundings where threads start
     */
    public FileChunks(Response.Body.FilePart file, Surroundings surroundings) {
        this.file = file;
        this.surroundings = surroundings;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new FileReading(file, surroundings, subscriber));
    }
}
