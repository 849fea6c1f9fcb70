// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** What one end sends and the link has not taken so far. The loop's own. */
final class Outgoing {
    private static final long MAX_PENDING_BYTES = 512 << 10;

    private final Link link;
    private final Tap tap;
    private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>();
    private final ArrayDeque<Long> toTell = new ArrayDeque<>();
    private long writtenBytes;
    private long flushedBytes;
    private long acceptedBytes;
    private int flushes;

    Outgoing(Link link, Tap tap) {
        this.link = link;
        this.tap = tap;
    }

    void write(byte[] bytes) {
        pending.add(ByteBuffer.wrap(bytes));
        writtenBytes += bytes.length;
    }

    boolean isWritable() {
        return writtenBytes - acceptedBytes < MAX_PENDING_BYTES;
    }

    long unflushedBytes() {
        return writtenBytes - flushedBytes;
    }

    long acceptedBytes() {
        return acceptedBytes;
    }

    int waitingBytes() {
        return (int) (writtenBytes - acceptedBytes);
    }

    /** Whether the link has all that was flushed. */
    boolean isAccepted() {
        return acceptedBytes == flushedBytes;
    }

    void flush(boolean tell) {
        if (writtenBytes > flushedBytes) {
            flushes++;
            flushedBytes = writtenBytes;
            if (tell) {
                toTell.add(flushedBytes);
            }
        }
    }

    int flushes() {
        return flushes;
    }

    /** Gives the link what it takes; whether a promise to tell has come due. */
    boolean transfer() {
        int size;
        while ((size = (int) Math.min(link.room(), flushedBytes - acceptedBytes)) > 0) {
            ByteBuffer first = pending.getFirst();
            byte[] bytes = new byte[Math.min(size, first.remaining())];
            first.get(bytes);
            if (!first.hasRemaining()) {
                pending.removeFirst();
            }
            acceptedBytes += bytes.length;
            tap.sent(bytes);
            link.take(bytes);
        }
        boolean due = false;
        while (!toTell.isEmpty() && toTell.getFirst() <= acceptedBytes) {
            toTell.removeFirst();
            due = true;
        }
        return due;
    }
}
