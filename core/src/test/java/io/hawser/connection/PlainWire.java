// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.Principal;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire that takes all at once, and its loop, which is the thread that made it, when that says so. Its clock stands still. For tests of
 * threads that meet in all ways, which the testkit's wire, whose threads take turns, cannot show.
 */
final class PlainWire implements Wire {
    private final Thread thread = Thread.currentThread();
    private final LoopWatch watch = new LoopWatch(thread);
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private @Nullable WireListener listener;
    private byte[] held = {};
    private boolean offering;
    private ByteBuffer written = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);
    private long acceptedBytes;

    // ---- the loop

    @Override
    public boolean inLoop() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable task) {
        wakeUps.incrementAndGet();
        tasks.add(task);
    }

    /** How many tasks were handed over in all. */
    int wakeUps() {
        return wakeUps.get();
    }

    /** Whether a task waits. */
    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Runs what was handed over, and what that hands over in turn. */
    void run() {
        while (hasTasks()) {
            runOne();
        }
    }

    /** Runs one task, if there is one. */
    void runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
    }

    @Override
    public Runnable schedule(Runnable task, long delayNanos) {
        return () -> {}; // no time passes
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public LoopWatch watch() {
        return watch;
    }

    // ---- input

    @Override
    public void open(WireListener opened) {
        listener = opened;
    }

    private WireListener listener() {
        return Objects.requireNonNull(listener, "open comes first");
    }

    /** These bytes come, behind what the reader has left. */
    void receive(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        offer(all);
        listener().onReadComplete();
    }

    private void offer(byte[] bytes) {
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        offering = true;
        listener().onRead(view);
        offering = false;
        held = Arrays.copyOfRange(bytes, view.position(), bytes.length);
    }

    @Override
    public void resumeReading() {
        if (!offering && held.length > 0) {
            offer(held);
        }
    }

    // ---- output

    @Override
    public ByteBuffer reserve(int bytes) {
        if (written.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(2 * written.capacity() + bytes).order(ByteOrder.LITTLE_ENDIAN);
            written = larger.put(written.flip());
        }
        return written;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public long unflushedBytes() {
        return written.position() - acceptedBytes;
    }

    @Override
    public void flush(boolean tell) {
        acceptedBytes = written.position();
    }

    @Override
    public long acceptedBytes() {
        return acceptedBytes;
    }

    /** All that was accepted. */
    ByteBuffer accepted() {
        return written.duplicate().position(0).limit((int) acceptedBytes);
    }

    @Override
    public void end(long lingerNanos) {
        flush(false);
    }

    @Override
    public void cut() {
        execute(() -> listener().onClosed("cut"));
    }

    // ---- who they are

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("peer.example", 10_000);
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("here.example", 443);
    }

    @Override
    public Optional<Principal> principal() {
        return Optional.empty();
    }
}
