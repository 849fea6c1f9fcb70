// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The native compressors of many connections, and a bound on the memory that these and what connections keep of earlier messages take
 * together. A compressor belongs to a connection for the length of a message only; between messages a few wait here. Any thread may use it.
 */
public final class Compressors {
    /** How many of a kind wait at most, which is more than are used at the same time, but by messages that come or leave in parts. */
    private static final int WAITING = Runtime.getRuntime().availableProcessors();

    private static final byte[] NOTHING = new byte[0];

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock
    private final ArrayDeque<LeasedDeflater> deflaters = new ArrayDeque<>();
    private final ArrayDeque<LeasedInflater> inflaters = new ArrayDeque<>();
    private long usedBytes;
    private boolean closed;

    /** None so far, of which there may be as many as take so many bytes. */
    public Compressors(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** How many bytes are taken. */
    public long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether connections may take so many bytes more to keep earlier messages in; a quarter is left for messages that are under way. */
    public boolean hasRoom(long bytes) {
        lock.lock();
        try {
            return bytes <= forKeeping() - usedBytes;
        } finally {
            lock.unlock();
        }
    }

    private long forKeeping() {
        return maxBytes - maxBytes / 4;
    }

    /** Takes memory to keep earlier messages in; returns whether there was any. */
    public boolean reserve(long bytes) {
        lock.lock();
        try {
            boolean fits = bytes <= forKeeping() - usedBytes;
            if (fits) {
                usedBytes += bytes;
            }
            return fits;
        } finally {
            lock.unlock();
        }
    }

    /** Takes memory that was promised to the peer when there was room for it. */
    public void reserveAnyway(long bytes) {
        lock.lock();
        try {
            usedBytes += bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Gives memory back that was reserved. */
    public void release(long bytes) {
        reserveAnyway(-bytes);
    }

    /** A deflater that has seen nothing; null if there is no memory for one. It is to be given back. */
    @Nullable LeasedDeflater deflater(int level) {
        LeasedDeflater taken;
        lock.lock();
        try {
            taken = deflaters.pollFirst();
            if (taken == null && fits(LeasedDeflater.BYTES)) {
                taken = new LeasedDeflater(new Deflater(level, true), ByteBuffer.allocate(LeasedDeflater.ROOM_BYTES));
                usedBytes += LeasedDeflater.BYTES;
            }
        } finally {
            lock.unlock();
        }
        if (taken != null) {
            setLevel(taken.zlib(), level);
        }
        return taken;
    }

    /** By a call of its own: the call to deflate that follows another level sets it and does nothing else, as if there were nothing left. */
    private static void setLevel(Deflater zlib, int level) {
        zlib.setLevel(level);
        zlib.deflate(NOTHING);
    }

    /** An inflater that has seen nothing; null if there is no memory for one. It is to be given back. */
    @Nullable LeasedInflater inflater() {
        lock.lock();
        try {
            LeasedInflater taken = inflaters.pollFirst();
            if (taken == null && fits(LeasedInflater.BYTES)) {
                taken = new LeasedInflater(new Inflater(true), ByteBuffer.allocate(LeasedInflater.ROOM_BYTES).flip());
                usedBytes += LeasedInflater.BYTES;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Makes room by what waits, where there is none. */
    private boolean fits(long bytes) {
        while (bytes > maxBytes - usedBytes && !deflaters.isEmpty()) {
            end(deflaters.removeFirst());
        }
        while (bytes > maxBytes - usedBytes && !inflaters.isEmpty()) {
            end(inflaters.removeFirst());
        }
        return bytes <= maxBytes - usedBytes;
    }

    /** A message has ended, or will never. */
    void giveBack(LeasedDeflater deflater) {
        deflater.zlib().reset();
        lock.lock();
        try {
            if (deflaters.size() < WAITING && !closed) {
                deflaters.addFirst(deflater);
            } else {
                end(deflater);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A message has ended, or will never. */
    void giveBack(LeasedInflater inflater) {
        inflater.zlib().reset();
        inflater.out().clear().flip();
        lock.lock();
        try {
            if (inflaters.size() < WAITING && !closed) {
                inflaters.addFirst(inflater);
            } else {
                end(inflater);
            }
        } finally {
            lock.unlock();
        }
    }

    /** None waits any more; who has one still gives it back all the same. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            deflaters.forEach(this::end);
            inflaters.forEach(this::end);
            deflaters.clear();
            inflaters.clear();
        } finally {
            lock.unlock();
        }
    }

    private void end(LeasedDeflater deflater) {
        deflater.zlib().end();
        usedBytes -= LeasedDeflater.BYTES;
    }

    private void end(LeasedInflater inflater) {
        inflater.zlib().end();
        usedBytes -= LeasedInflater.BYTES;
    }
}
