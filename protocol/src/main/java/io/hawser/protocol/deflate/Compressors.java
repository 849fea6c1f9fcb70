// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
    /** Of those, what waiting compressors take, which make way for whatever else. */
    private final AtomicLong waitingBytes = new AtomicLong();
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
        return bytes <= forKeeping() - inUseBytes();
    }

    private long forKeeping() {
        return maxBytes - maxBytes / 4;
    }

    private long inUseBytes() {
        return usedBytes.get() - waitingBytes.get();
    }

    /** Takes memory to keep earlier messages in; returns whether there was any. */
    public boolean reserve(long bytes) {
        while (hasRoom(bytes)) {
            long used = usedBytes.get();
            if (used + bytes > maxBytes) {
                endOneThatWaits();
            } else if (usedBytes.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
        return false;
    }

    /** Takes memory that was promised to the peer when there was room for it. */
    public void reserveAnyway(long bytes) {
        usedBytes.addAndGet(bytes);
        while (usedBytes.get() > maxBytes && inUseBytes() <= forKeeping()) {
            endOneThatWaits();
        }
    }

    /** Gives memory back that was reserved. */
    public void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    // ---- compressors

    /** A deflater that has seen nothing; null if there is no memory for one. It is to be given back. */
    @Nullable LeasedDeflater deflater(int level) {
        LeasedDeflater taken = take(
                deflaters, LeasedDeflater.BYTES, () -> new LeasedDeflater(new Deflater(level, true), ByteBuffer.allocate(LeasedDeflater.ROOM_BYTES)));
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
        return take(
                inflaters,
                LeasedInflater.BYTES,
                () -> new LeasedInflater(new Inflater(true), ByteBuffer.allocate(LeasedInflater.ROOM_BYTES).flip()));
    }

    private <T extends Leased> @Nullable T take(ConcurrentLinkedDeque<T> waiting, long bytes, Supplier<T> made) {
        T first = waiting.pollFirst();
        if (first != null) {
            waitingBytes.addAndGet(-bytes);
            return first;
        }
        boolean reserved = takeMemory(bytes);
        while (!reserved && endOneThatWaits()) {
            reserved = takeMemory(bytes);
        }
        if (!reserved) {
            return null;
        }
        try {
            return made.get();
        } catch (Throwable failure) { // no memory in spite of all that
            release(bytes);
            throw failure;
        }
    }

    private boolean takeMemory(long bytes) {
        long used = usedBytes.get();
        while (bytes <= maxBytes - used) {
            long seen = usedBytes.compareAndExchange(used, used + bytes);
            if (seen == used) {
                return true;
            }
            used = seen;
        }
        return false;
    }

    /** A message has ended, or will never. */
    void giveBack(LeasedDeflater deflater) {
        deflater.zlib().reset();
        keep(deflaters, deflater);
    }

    /** A message has ended, or will never. */
    void giveBack(LeasedInflater inflater) {
        inflater.zlib().reset();
        inflater.out().clear().flip();
        keep(inflaters, inflater);
    }

    private <T extends Leased> void keep(ConcurrentLinkedDeque<T> waiting, T idle) {
        waitingBytes.addAndGet(idle.bytes());
        waiting.addFirst(idle);
        if (closed || waiting.size() > WAITING) {
            endOneOf(waiting);
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
            waitingBytes.addAndGet(-last.bytes());
            usedBytes.addAndGet(-last.bytes());
        }
        return last != null;
    }
}
