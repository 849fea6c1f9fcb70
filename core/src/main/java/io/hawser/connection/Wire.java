// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.waiting.Surroundings;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Optional;

/**
 * The transport of one connection: what stands between it and sockets, or between it and another connection in memory. Everything is
 * called on the wire's loop, except {@link #inLoop}, {@link #execute}, {@link #schedule}, {@link #nanoTime}, {@link #surroundings}, the
 * addresses and {@link #principal}, which any thread may call.
 */
public interface Wire {
    /** Sets who is told of events, and begins to read. */
    void open(WireListener listener);

    /**
     * Room for outgoing bytes.
     *
     * @return a buffer with at least {@code bytes} remaining, to be filled with exactly so many before the next call of this wire
     */
    ByteBuffer reserve(int bytes);

    /** Whether more should be written now; sends what was written if that makes room. */
    boolean isWritable();

    /** How many of the written bytes have not been offered to the transport yet. */
    long unflushedBytes();

    /**
     * Offers what was written to the transport.
     *
     * @param tell whether {@link WireListener#onAccepted} must come when it has taken all of it
     */
    void flush(boolean tell);

    /** How many bytes the transport has accepted in all. */
    long acceptedBytes();

    /** Offers the listener again what it left, and reads on. Without effect if nothing is held. */
    void resumeReading();

    /**
     * Ends the output behind what was written, then discards input until the peer ends or the time is over or 256 KiB have come, and closes:
     * so the peer can read our last words, which a reset would destroy.
     */
    void end(long lingerNanos);

    /** Closes at once. */
    void cut();

    /** Whether the calling thread is the loop's. */
    boolean inLoop();

    /** Runs a task on the loop; runs it at once, on this thread, if the loop has ended for good. */
    void execute(Runnable task);

    /** Unparks a thread, at the latest when the events at hand, of all the loop's wires, are through; on the loop only. */
    default void wake(Thread sleeper) {
        surroundings().unpark(sleeper);
    }

    /** Runs a task on the loop after a time; returns how to cancel that. */
    Runnable schedule(Runnable task, long delayNanos);

    /** The present instant of the wire's clock. */
    long nanoTime();

    /** Where threads that use the connection wait and begin, and their chance; the same for ever. The system's, unless a test has others. */
    default Surroundings surroundings() {
        return Surroundings.ofSystem();
    }

    /** Where it is noted what the loop is busy with. */
    LoopWatch watch();

    /** The peer's address. */
    SocketAddress remoteAddress();

    /** The address at this side. */
    SocketAddress localAddress();

    /** Who the peer is by its certificate, if it was verified. */
    Optional<Principal> principal();
}
