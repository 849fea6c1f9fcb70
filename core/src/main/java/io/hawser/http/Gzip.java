// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPOutputStream;

/** Compresses bytes by gzip (RFC 1952), a chunk at a time. Holds memory outside the heap until it has ended or is released; any thread may. */
final class Gzip {
    private static final int BUFFER_BYTES = 512;

    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;
    private boolean released;

    Gzip() {
        try {
            gzip = new GZIPOutputStream(compressed, BUFFER_BYTES, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it writes to memory
        }
    }

    /** Compresses all of something at once. */
    static ByteBuffer compress(ByteBuffer bytes) {
        Gzip gzip = new Gzip();
        ByteBuffer first = gzip.add(bytes, false);
        ByteBuffer last = gzip.end();
        return ByteBuffer.allocate(first.remaining() + last.remaining()).put(first).put(last).flip();
    }

    /**
     * Takes bytes, and gives what can be given so far; nothing if it is released.
     *
     * @param flush whether that is all that was taken
     */
    ByteBuffer add(ByteBuffer bytes, boolean flush) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        lock.lock();
        try {
            if (!released) {
                gzip.write(copy);
                if (flush) {
                    gzip.flush();
                }
            }
            return taken();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // as above
        } finally {
            lock.unlock();
        }
    }

    /** The end; releases it. */
    ByteBuffer end() {
        lock.lock();
        try {
            release();
            return taken();
        } finally {
            lock.unlock();
        }
    }

    /** Gives its memory back; without effect if it has ended. */
    void release() {
        lock.lock();
        try {
            if (!released) {
                released = true;
                gzip.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // as above
        } finally {
            lock.unlock();
        }
    }

    private ByteBuffer taken() {
        ByteBuffer out = ByteBuffer.wrap(compressed.toByteArray());
        compressed.reset();
        return out;
    }
}
