// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.BinaryMessage;
import io.hawser.waiting.Surroundings;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A binary message as it comes. */
final class IncomingBinary implements BinaryMessage.Streamed, Unread {
    private final LiveConnection live;
    private final IncomingChunks<ByteBuffer> incoming;
    private volatile boolean readByThread;

    IncomingBinary(LiveConnection live, StreamedMessages intake, ByteBuffer first) {
        this.live = live;
        this.incoming = new IncomingChunks<>(live, intake, first, IncomingBinary::copy);
    }

    IncomingChunks<ByteBuffer> incoming() {
        return incoming;
    }

    private static ByteBuffer copy(ByteBuffer chunk) {
        byte[] bytes = new byte[chunk.remaining()];
        chunk.get(bytes);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public Flow.Publisher<ByteBuffer> chunks() {
        return incoming;
    }

    @Override
    public ByteBuffer data() {
        live.requireOffLoop();
        return BinaryMessage.Streamed.super.data();
    }

    @Override
    public InputStream inputStream() {
        live.requireOffLoop();
        readByThread = true;
        return BinaryMessage.Streamed.super.inputStream();
    }

    @Override
    public void discard() {
        incoming.drop();
    }

    @Override
    public Surroundings surroundings() {
        return incoming.surroundings();
    }

    @Override
    public void onDelivered() {
        incoming.onDelivered();
    }

    @Override
    public void makeWay() {
        // On the loop, behind what the receiver has sent: this may be about to subscribe to the chunks.
        live.onLoop(() -> {
            if (readByThread || !incoming.isTaken()) {
                incoming.drop();
            }
        });
    }

    @Override
    public String toString() {
        return "streamed binary";
    }
}
