// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.connection.LoopWatch;
import io.hawser.connection.Wire;
import io.hawser.connection.WireListener;
import io.hawser.waiting.Surroundings;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire over two links. It keeps to the contract of {@link Wire} to the letter, gives no more than that promises, and fails where its user
 * breaks it. The loop's own.
 */
public final class MemoryWire implements Wire, End {
    private static final long MAX_UNFLUSHED_BYTES = 256 << 10;
    private static final long MAX_DISCARDED_BYTES = 256 << 10;
    private static final int SLACK_BYTES = 3;

    private final World world;
    private final Link out;
    private final Link in;
    private final Addresses addresses;
    private final Tap tap;
    private final LoopWatch watch = new LoopWatch(Thread.currentThread());
    private final AtomicInteger wakeUps = new AtomicInteger();
    private @Nullable WireListener listener;

    // Input
    private final ArrayDeque<byte[]> unread = new ArrayDeque<>();
    private byte[] held = {};
    private boolean holding;
    private boolean offering;
    private boolean inputEnded;
    private boolean inputEndTold;

    // Output
    private final Outgoing outgoing;
    private @Nullable ByteBuffer reserved;
    private int reservedBytes;

    // The end
    private boolean ending;
    private long lingerNanos;
    private boolean outputEnded;
    private boolean closed;
    private boolean closedTold;
    private long discardedBytes;

    /**
     * Where its ends are.
     *
     * @param remote the other one
     * @param local this one
     * @param principal who the other one is by its certificate
     */
    public record Addresses(SocketAddress remote, SocketAddress local, Optional<Principal> principal) {
        /** The same as the other end sees it, to which this one shows no certificate. */
        Addresses turned() {
            return new Addresses(/* remote= */ local, /* local= */ remote, Optional.empty());
        }
    }

    MemoryWire(World world, Link out, Link in, Addresses addresses, Tap tap) {
        this.world = world;
        this.out = out;
        this.in = in;
        this.addresses = addresses;
        this.tap = tap;
        this.outgoing = new Outgoing(out, tap);
    }

    // ---- what a test may look at, on the loop

    /** Whether reading stands still because the reader wants no more. */
    public boolean isHolding() {
        return holding;
    }

    /** How many bytes came and were not read, or were left by the reader. */
    public int unreadBytes() {
        return held.length + unread.stream().mapToInt(bytes -> bytes.length).sum();
    }

    /** How often something was offered to the transport: so many system calls. */
    public int flushes() {
        return outgoing.flushes();
    }

    /** How often a task was handed to the loop; on any thread. */
    public int wakeUps() {
        return wakeUps.get();
    }

    /** This side's own code fails, in the middle of a read. */
    public void fail(Throwable cause) {
        listener().onFailure(cause);
    }

    // ---- what the links tell

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void onBytes(byte[] bytes) {
        tap.received(bytes);
        unread.add(bytes);
        read();
    }

    @Override
    public void onEnd() {
        tap.ended(false);
        inputEnded = true;
        read();
    }

    @Override
    public void onReset() {
        if (!closed) {
            tap.reset(false);
        }
        close("the connection broke: reset by the peer");
    }

    @Override
    public void onRoom() {
        if (!closed && outgoing.transfer() && !closedTold) {
            listener().onAccepted();
        }
        endOutput();
    }

    // ---- input

    @Override
    public void open(WireListener opened) {
        requireLoop();
        require(listener == null, "a wire is opened once");
        listener = opened;
        world.execute(this::read);
    }

    private WireListener listener() {
        return Objects.requireNonNull(listener, "open comes first");
    }

    private void read() {
        while (listener != null && !holding && !offering && !closed && !unread.isEmpty()) {
            byte[] bytes = unread.remove();
            if (ending) {
                discard(bytes.length);
            } else {
                offer(bytes);
                listener().onReadComplete();
            }
        }
        tellInputEnd();
    }

    private void tellInputEnd() {
        if (!inputEnded || closed || holding || offering || !unread.isEmpty()) {
            return;
        }
        if (ending) {
            endOutput();
        } else if (!inputEndTold && listener != null) {
            inputEndTold = true;
            listener().onInputEnd();
        }
    }

    private void discard(int bytes) {
        in.consumed(bytes);
        discardedBytes += bytes;
        if (discardedBytes > MAX_DISCARDED_BYTES) {
            close("closed");
        }
    }

    /** Whether the reader wants more. */
    private boolean offer(byte[] bytes) {
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        offering = true;
        boolean readOn;
        try {
            readOn = listener().onRead(view);
        } finally {
            offering = false;
        }
        in.consumed(view.position());
        if (ending || closed) {
            held = new byte[0];
            return true;
        }
        holding = !readOn;
        held = new byte[view.remaining()];
        view.get(held);
        require(holding || held.length == 0, "a reader that wants more takes all that there is");
        return readOn;
    }

    @Override
    public void resumeReading() {
        requireLoop();
        if (!holding || offering || closed) {
            return;
        }
        if (offer(held)) {
            // What waits in the transport comes in a later turn of the loop, as a read; its end, as on a socket, at once.
            world.execute(this::read);
            tellInputEnd();
        }
    }

    // ---- output

    @Override
    public ByteBuffer reserve(int bytes) {
        requireLoop();
        collect();
        require(!ending && !closedTold, "nothing is written behind the end");
        reserved = ByteBuffer.allocate(bytes + 2 * SLACK_BYTES).order(ByteOrder.LITTLE_ENDIAN).position(SLACK_BYTES);
        reservedBytes = bytes;
        return reserved;
    }

    /** Takes what was written into the last reservation, which must have been filled. */
    private void collect() {
        ByteBuffer filled = reserved;
        if (filled != null) {
            reserved = null;
            require(filled.position() - SLACK_BYTES == reservedBytes, "a reservation is filled exactly, before the next call");
            byte[] bytes = new byte[reservedBytes];
            filled.get(SLACK_BYTES, bytes);
            outgoing.write(bytes);
        }
    }

    @Override
    public boolean isWritable() {
        requireLoop();
        if (unflushedBytes() > MAX_UNFLUSHED_BYTES) {
            flush(true);
        }
        return outgoing.isWritable();
    }

    @Override
    public long unflushedBytes() {
        requireLoop();
        collect();
        return outgoing.unflushedBytes();
    }

    @Override
    public void flush(boolean tell) {
        requireLoop();
        collect();
        outgoing.flush(tell);
        if (!closed) {
            outgoing.transfer();
        }
    }

    @Override
    public long acceptedBytes() {
        requireLoop();
        return outgoing.acceptedBytes();
    }

    // ---- the end

    @Override
    public void end(long linger) {
        requireLoop();
        require(!ending, "the output ends once");
        flush(false);
        ending = true;
        lingerNanos = linger;
        holding = false;
        in.consumed(held.length);
        held = new byte[0];
        endOutput();
        world.execute(this::read);
    }

    private void endOutput() {
        if (!ending || closed || !outgoing.isAccepted()) {
            return;
        }
        if (!outputEnded) {
            outputEnded = true;
            tap.ended(true);
            out.takeEnd();
            world.scheduleOnLoop(() -> close("closed"), lingerNanos);
        }
        if (inputEnded && unread.isEmpty()) {
            close("closed");
        }
    }

    @Override
    public void cut() {
        requireLoop();
        if (!closed) {
            tap.reset(true);
            out.breakOff();
        }
        close("cut");
    }

    private void close(String how) {
        if (closed) {
            return;
        }
        closed = true;
        in.abandon(!unread.isEmpty());
        unread.clear();
        held = new byte[0];
        // Told in a later turn, as the loop of a socket does.
        world.execute(() -> {
            closedTold = true;
            listener().onClosed(how);
        });
    }

    // ---- the loop

    private void requireLoop() {
        require(inLoop(), "called on the loop");
    }

    private static void require(boolean kept, String rule) {
        if (!kept) {
            throw new AssertionError("the contract of Wire is broken: " + rule);
        }
    }

    @Override
    public boolean inLoop() {
        return world.inLoop();
    }

    @Override
    public void execute(Runnable task) {
        wakeUps.incrementAndGet();
        world.execute(task);
    }

    @Override
    public Runnable schedule(Runnable task, long delayNanos) {
        return world.scheduleOnLoop(task, delayNanos);
    }

    @Override
    public long nanoTime() {
        return world.nanoTime();
    }

    @Override
    public Surroundings surroundings() {
        return world;
    }

    @Override
    public SocketAddress remoteAddress() {
        return addresses.remote();
    }

    @Override
    public SocketAddress localAddress() {
        return addresses.local();
    }

    @Override
    public Optional<Principal> principal() {
        return addresses.principal();
    }

    @Override
    public LoopWatch watch() {
        return watch;
    }
}
