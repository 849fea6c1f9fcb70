// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire whose other end is a test: it says what comes, how that is cut, and how much the transport takes. It keeps to
 * the contract of {@link Wire} to the letter, gives no more than that promises, and fails where its user breaks it.
 * Confined to its loop's thread.
 */
final class MemoryWire implements Wire {
    private static final long MAX_PENDING_BYTES = 512 << 10;
    private static final long MAX_UNFLUSHED_BYTES = 256 << 10;
    private static final long MAX_DISCARDED_BYTES = 256 << 10;
    private static final AtomicInteger PORTS = new AtomicInteger();
    private static final int SLACK_BYTES = 3;
    private static final int MAX_CUT_BYTES = 9;

    private final VirtualLoop loop;
    private final LoopWatch watch = new LoopWatch(Thread.currentThread());
    /** One of its own, so that the log lines of tests that run beside each other can be told apart. */
    private final int port = 10_000 + PORTS.incrementAndGet() % 50_000;

    private @Nullable WireListener listener;
    private Optional<Principal> principal = Optional.empty();

    // Input
    private final ArrayDeque<byte[]> unread = new ArrayDeque<>();
    private byte[] held = {};
    private boolean holding;
    private boolean offering;
    private boolean inputEnded;
    private boolean inputEndTold;
    private @Nullable Random cuts;
    private int reads;

    // Output
    private @Nullable ByteBuffer reserved;
    private int reservedStart;
    private int reservedBytes;
    private byte[] written = new byte[256];
    private int writtenBytes;
    private long flushedBytes;
    private long acceptedBytes;
    private long capacity = Long.MAX_VALUE;
    private int flushes;
    private final ArrayDeque<Long> toTell = new ArrayDeque<>();

    // The end
    private boolean ending;
    private long lingerNanos;
    private boolean outputEnded;
    private boolean closed;
    private boolean closedTold;
    private long discardedBytes;

    MemoryWire(VirtualLoop loop) {
        this.loop = loop;
    }

    // ---- the test's side

    /** The peer has shown a certificate of this name. */
    void certify(Principal peer) {
        principal = Optional.of(peer);
    }

    /** From now on input comes in pieces of one to nine bytes. */
    void cutInput(long seed) {
        cuts = new Random(seed);
    }

    /** These bytes come in one read event, or in several if {@linkplain #cutInput cut}. */
    void receive(byte[] bytes) {
        if (cuts == null) {
            unread.add(bytes.clone());
        } else {
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + cuts.nextInt(MAX_CUT_BYTES));
                unread.add(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
        }
        read();
    }

    /** These bytes come in read events that end at these positions, and at their end. */
    void receiveCut(byte[] bytes, int... positions) {
        int from = 0;
        for (int to : positions) {
            unread.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        unread.add(Arrays.copyOfRange(bytes, from, bytes.length));
        read();
    }

    /** The peer ends its output, behind what came. */
    void endInput() {
        inputEnded = true;
        read();
    }

    /** The peer resets the connection: what was not read is lost. */
    void reset() {
        close("the connection broke: reset");
    }

    /** This side's own code fails, in the middle of a read. */
    void fail(Throwable cause) {
        listener().onFailure(cause);
    }

    /** The transport takes so many bytes more. */
    void accept(long bytes) {
        long sum = capacity + bytes;
        capacity = sum < 0 ? Long.MAX_VALUE : sum;
        if (transfer() && !closedTold) {
            listener().onAccepted();
        }
        endOutput();
    }

    void acceptNothing() {
        capacity = 0;
    }

    void acceptAll() {
        accept(Long.MAX_VALUE);
    }

    /** What the transport has accepted, from a position on. */
    ByteBuffer acceptedFrom(int position) {
        return ByteBuffer.wrap(written, position, (int) acceptedBytes - position).slice();
    }

    /** How often something was offered to the transport: so many system calls. */
    int flushes() {
        return flushes;
    }

    /** How many bytes came and were not read, or were left by the reader. */
    int unreadBytes() {
        return held.length + unread.stream().mapToInt(bytes -> bytes.length).sum();
    }

    /** Whether reading stands still because the reader wants no more. */
    boolean isHolding() {
        return holding;
    }

    /** How often bytes were offered to the reader. */
    int reads() {
        return reads;
    }

    /** Whether the output has ended, so that the peer sees it after the last byte. */
    boolean isOutputEnded() {
        return outputEnded;
    }

    boolean isClosed() {
        return closed;
    }

    // ---- input

    @Override
    public void open(WireListener opened) {
        requireLoop();
        assertThat(listener).as("a wire is opened once").isNull();
        listener = opened;
        loop.execute(this::read);
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
        discardedBytes += bytes;
        if (discardedBytes > MAX_DISCARDED_BYTES) {
            close("closed");
        }
    }

    /** Whether the reader wants more. */
    private boolean offer(byte[] bytes) {
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        reads++;
        offering = true;
        boolean readOn;
        try {
            readOn = listener().onRead(view);
        } finally {
            offering = false;
        }
        if (ending || closed) {
            held = new byte[0];
            return true;
        }
        holding = !readOn;
        held = new byte[view.remaining()];
        view.get(held);
        assertThat(holding || held.length == 0)
                .as("a reader that wants more takes all that there is")
                .isTrue();
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
            loop.execute(this::read);
            tellInputEnd();
        }
    }

    // ---- output

    @Override
    public ByteBuffer reserve(int bytes) {
        requireLoop();
        collect();
        assertThat(ending || closedTold).as("nothing is written behind the end").isFalse();
        ByteBuffer room = ByteBuffer.allocate(bytes + 2 * SLACK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        reserved = room.position(SLACK_BYTES);
        reservedStart = SLACK_BYTES;
        reservedBytes = bytes;
        return room;
    }

    /** Takes what was written into the last reservation, which must have been filled. */
    private void collect() {
        ByteBuffer filled = reserved;
        if (filled != null) {
            reserved = null;
            assertThat(filled.position() - reservedStart)
                    .as("a reservation is filled exactly, before the next call")
                    .isEqualTo(reservedBytes);
            if (written.length - writtenBytes < reservedBytes) {
                written = Arrays.copyOf(written, 2 * written.length + reservedBytes);
            }
            filled.get(reservedStart, written, writtenBytes, reservedBytes);
            writtenBytes += reservedBytes;
        }
    }

    @Override
    public boolean isWritable() {
        requireLoop();
        if (unflushedBytes() > MAX_UNFLUSHED_BYTES) {
            flush(true);
        }
        return writtenBytes - acceptedBytes < MAX_PENDING_BYTES;
    }

    @Override
    public long unflushedBytes() {
        requireLoop();
        collect();
        return writtenBytes - flushedBytes;
    }

    @Override
    public void flush(boolean tell) {
        requireLoop();
        collect();
        if (writtenBytes == flushedBytes) {
            return;
        }
        flushes++;
        flushedBytes = writtenBytes;
        if (tell) {
            toTell.add(flushedBytes);
        }
        transfer();
    }

    /** Whether a promise to tell has come due. */
    private boolean transfer() {
        if (closed) {
            return false;
        }
        long bytes = Math.min(capacity, flushedBytes - acceptedBytes);
        acceptedBytes += bytes;
        if (capacity != Long.MAX_VALUE) {
            capacity -= bytes;
        }
        boolean due = false;
        while (!toTell.isEmpty() && toTell.getFirst() <= acceptedBytes) {
            toTell.removeFirst();
            due = true;
        }
        return due;
    }

    @Override
    public long acceptedBytes() {
        requireLoop();
        return acceptedBytes;
    }

    // ---- the end

    @Override
    public void end(long linger) {
        requireLoop();
        assertThat(ending).as("the output ends once").isFalse();
        flush(false);
        ending = true;
        lingerNanos = linger;
        holding = false;
        held = new byte[0];
        endOutput();
        loop.execute(this::read);
    }

    private void endOutput() {
        if (!ending || closed || acceptedBytes < flushedBytes) {
            return;
        }
        if (!outputEnded) {
            outputEnded = true;
            loop.schedule(() -> close("closed"), lingerNanos);
        }
        if (inputEnded && unread.isEmpty()) {
            close("closed");
        }
    }

    @Override
    public void cut() {
        requireLoop();
        close("cut");
    }

    private void close(String how) {
        if (closed) {
            return;
        }
        closed = true;
        unread.clear();
        held = new byte[0];
        // Told in a later turn, as the loop of a socket does.
        loop.execute(() -> {
            closedTold = true;
            listener().onClosed(how);
        });
    }

    // ---- the loop

    private void requireLoop() {
        assertThat(inLoop()).as("called on the loop").isTrue();
    }

    @Override
    public boolean inLoop() {
        return loop.inLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Runnable schedule(Runnable task, long delayNanos) {
        return loop.schedule(task, delayNanos);
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("peer.example", port);
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("here.example", 443);
    }

    @Override
    public Optional<Principal> principal() {
        return principal;
    }

    @Override
    public LoopWatch watch() {
        return watch;
    }

    /** For tests that let time pass until the lingering ends. */
    Duration linger() {
        return Duration.ofNanos(lingerNanos);
    }
}
