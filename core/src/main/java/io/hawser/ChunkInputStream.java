// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;

/** The chunks of a message as a stream to be read with blocking calls. */
final class ChunkInputStream extends InputStream {
    private final ChunkQueue<ByteBuffer> chunks;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    ChunkInputStream(Flow.Publisher<ByteBuffer> chunks) {
        this.chunks = ChunkQueue.of(chunks);
    }

    /** Whether there is a byte to read; waits for it. */
    private boolean hasNext() {
        while (!chunk.hasRemaining()) {
            ByteBuffer next = chunks.take();
            if (next == null) {
                return false;
            }
            chunk = next.duplicate();
        }
        return true;
    }

    @Override
    public int read() {
        return hasNext() ? chunk.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!hasNext()) {
            return -1;
        }
        int size = Math.min(length, chunk.remaining());
        chunk.get(into, offset, size);
        return size;
    }

    @Override
    public int available() {
        return chunk.remaining();
    }

    @Override
    public void close() {
        chunks.close();
        chunk = ByteBuffer.allocate(0);
    }
}
