// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.io.Reader;
import java.util.Objects;
import java.util.concurrent.Flow;

/** The chunks of a message as a reader with blocking calls. */
final class ChunkReader extends Reader {
    private final ChunkQueue<String> chunks;
    private String chunk = "";
    private int index;

    ChunkReader(Flow.Publisher<String> chunks) {
        this.chunks = ChunkQueue.of(chunks);
    }

    @Override
    public int read(char[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        while (index == chunk.length()) {
            String next = chunks.take();
            if (next == null) {
                return -1;
            }
            chunk = next;
            index = 0;
        }
        int size = Math.min(length, chunk.length() - index);
        chunk.getChars(index, index + size, into, offset);
        index += size;
        return size;
    }

    @Override
    public boolean ready() {
        return index < chunk.length();
    }

    @Override
    public void close() {
        chunks.close();
        chunk = "";
        index = 0;
    }
}
