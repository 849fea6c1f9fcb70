// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
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
    private final AtomicLong usedBytes = new AtomicLong();
    private final ConcurrentLinkedDeque<LeasedDeflater> deflaters = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<LeasedInflater> inflaters = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /** None so far, of which there may be as many as take so many bytes. */
    public Compressors(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** How many bytes are taken. */
    public long usedBytes() {
        return usedBytes.get();
    }

    // ---- what connections keep

    /** Whether connections may take so many bytes more to keep earlier messages in; a quarter is left for messages that are under way. */
    public boolean hasRoom(long bytes) {
        return bytes <= forKeeping() - usedBytes.get();
    }

    private long forKeeping() {
        return maxBytes - maxBytes / 4;
    }

    /** Takes memory to keep earlier messages in; returns whether there was any. */
    public boolean reserve(long bytes) {
        return take(bytes, forKeeping());
    }

    /** Takes memory that was promised to the peer when there was room for it. */
    public void reserveAnyway(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    /** Gives memory back that was reserved. */
    public void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    /** Takes memory, if no more than so much is taken then. */
    private boolean take(long bytes, long most) {
        long used = usedBytes.get();
        while (bytes <= most - used) {
            long seen = usedBytes.compareAndExchange(used, used + bytes);
            if (seen == used) {
                return true;
            }
            used = seen;
        }
        return false;
    }

    // ---- compressors

    /** A deflater that has seen nothing; null if there is no memory for one. It is to be given back. */
    @Nullable LeasedDeflater deflater(int level) {
        LeasedDeflater taken = deflaters.pollFirst();
        if (taken == null) {
            if (!makeRoom(LeasedDeflater.BYTES)) {
                return null;
            }
            taken = new LeasedDeflater(new Deflater(level, true), ByteBuffer.allocate(LeasedDeflater.ROOM_BYTES));
        }
        setLevel(taken.zlib(), level);
        return taken;
    }

    /** By a call of its own: the call to deflate that follows another level sets it and does nothing else, as if there were nothing left. */
    private static void setLevel(Deflater zlib, int level) {
        zlib.setLevel(level);
        zlib.deflate(NOTHING);
    }

    /** An inflater that has seen nothing; null if there is no memory for one. It is to be given back. */
    @Nullable LeasedInflater inflater() {
        LeasedInflater taken = inflaters.pollFirst();
        if (taken == null && makeRoom(LeasedInflater.BYTES)) {
            return new LeasedInflater(new Inflater(true), ByteBuffer.allocate(LeasedInflater.ROOM_BYTES).flip());
        }
        return taken;
    }

    /** Takes memory for a compressor, if need be that of those which wait; returns whether there was any. */
    private boolean makeRoom(long bytes) {
        boolean taken = take(bytes, maxBytes);
        while (!taken && endOneThatWaits()) {
            taken = take(bytes, maxBytes);
        }
        return taken;
    }

    /** A message has ended, or will never. */
    void giveBack(LeasedDeflater deflater) {
        deflater.zlib().reset();
        deflaters.addFirst(deflater);
        if (closed || deflaters.size() > WAITING) {
            endOneOf(deflaters);
        }
    }

    /** A message has ended, or will never. */
    void giveBack(LeasedInflater inflater) {
        inflater.zlib().reset();
        inflater.out().clear().flip();
        inflaters.addFirst(inflater);
        if (closed || inflaters.size() > WAITING) {
            endOneOf(inflaters);
        }
    }

    /** None waits any more; who has one still gives it back all the same. */
    public void close() {
        closed = true;
        while (endOneThatWaits()) {
            // until there is none
        }
    }

    private boolean endOneThatWaits() {
        return endOneOf(deflaters) || endOneOf(inflaters);
    }

    private <T extends Leased> boolean endOneOf(ConcurrentLinkedDeque<T> waiting) {
        T last = waiting.pollLast();
        if (last != null) {
            last.end();
            usedBytes.addAndGet(-last.bytes());
        }
        return last != null;
    }
}
