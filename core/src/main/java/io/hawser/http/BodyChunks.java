// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import io.hawser.waiting.Surroundings;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.concurrent.Flow;

/** Publishes what is there as a whole, for each subscriber anew, on a thread that may block and is free to compute. */
public final class BodyChunks implements Flow.Publisher<ByteBuffer> {
    private final ReadChunks.Source source;
    private final Surroundings surroundings;

    private BodyChunks(ReadChunks.Source source, Surroundings surroundings) {
        this.source = source;
        this.surroundings = surroundings;
    }

    /**
     * Of a file, which is opened when it is first asked for.
     *
     * @param surroundings where threads start
     */
    public static BodyChunks of(Response.Body.FilePart file, Surroundings surroundings) {
        ReadChunks.Opening opening = () -> {
            SeekableByteChannel open = Files.newByteChannel(file.path());
            open.position(file.position());
            return open;
        };
        return new BodyChunks(new ReadChunks.Source(file.path().toString(), file.bytes(), opening), surroundings);
    }

    /** Of bytes. */
    static BodyChunks of(Response.Body.Bytes bytes, Surroundings surroundings) {
        ByteBuffer data = bytes.data();
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        return new BodyChunks(
                new ReadChunks.Source("body", copy.length, () -> Channels.newChannel(new ByteArrayInputStream(copy))), surroundings);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        ReadChunks reading = new ReadChunks(source, surroundings, subscriber);
        subscriber.onSubscribe(reading);
        reading.begin();
    }
}
