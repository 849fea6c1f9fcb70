// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of bytes from one end of a connection to the other, as TCP is one: what it has taken and the receiver has not is bounded, and it
 * keeps the order. It can be made to misbehave. Positions count bytes from the connection's beginning. The loop's own.
 */
public final class Link {
    /** What a sender may be ahead of its receiver: about a socket's buffers. */
    private static final long CAPACITY = 256 << 10;

    private final World world;
    private @Nullable End from;
    private @Nullable End to;
    private @Nullable Link back;

    private long taken;
    private long underWay;
    private boolean over;
    /** What has arrived while the receiver does not read. */
    private final ArrayDeque<Runnable> arrived = new ArrayDeque<>();

    private long lastArrival;

    // Faults
    private final NavigableSet<Long> cuts = new TreeSet<>();
    private final NavigableMap<Long, Integer> flips = new TreeMap<>();
    private @Nullable RandomGenerator chance;
    private int longestPiece;
    private Duration delay = Duration.ZERO;
    private long toDrop;
    private boolean silent;
    private boolean ended;
    private boolean paused;
    private long window = Long.MAX_VALUE;

    Link(World world) {
        this.world = world;
        this.lastArrival = world.nanoTime();
    }

    /** Joins two ends. */
    static void join(End one, Link toOther, End other, Link toOne) {
        toOther.from = one;
        toOther.to = other;
        toOther.back = toOne;
        toOne.from = other;
        toOne.to = one;
        toOne.back = toOther;
    }

    private End to() {
        return Objects.requireNonNull(to);
    }

    private End from() {
        return Objects.requireNonNull(from);
    }

    // ---- for the sender

    /** How many bytes it would take now. */
    int room() {
        return (int) Math.max(0, Math.min(window, CAPACITY - underWay));
    }

    /** Takes bytes, no more than there is {@link #room} for; handed over. */
    void take(byte[] bytes) {
        if (bytes.length > room()) {
            throw new AssertionError(bytes.length + " bytes for a link with room for " + room());
        }
        underWay += bytes.length;
        window = window == Long.MAX_VALUE ? window : window - bytes.length;
        cut(drop(flip(bytes)));
    }

    private byte[] flip(byte[] bytes) {
        if (flips.isEmpty()) {
            return bytes;
        }
        byte[] changed = bytes.clone(); // the sender's own log shows what it sent
        flips.subMap(taken, taken + bytes.length).forEach((position, mask) -> changed[(int) (position - taken)] ^= mask.byteValue());
        return changed;
    }

    /** Takes the end of what is sent. */
    void takeEnd() {
        if (!over && !ended) {
            over = true;
            transmit(() -> to().onEnd());
        }
    }

    /** The sender is gone; what is under way is lost. */
    void breakOff() {
        over = true;
        arrived.clear();
        world.execute(to()::onReset);
    }

    private byte[] drop(byte[] bytes) {
        int dropped = (int) Math.min(toDrop, bytes.length);
        toDrop -= dropped;
        taken += dropped;
        consumed(dropped);
        return dropped == 0 ? bytes : Arrays.copyOfRange(bytes, dropped, bytes.length);
    }

    private void cut(byte[] bytes) {
        int start = 0;
        while (start < bytes.length) {
            int size = bytes.length - start;
            Long next = cuts.higher(taken);
            size = next == null ? size : (int) Math.min(size, next - taken);
            size = chance == null ? size : Math.min(size, 1 + chance.nextInt(longestPiece));
            taken += size;
            byte[] piece = Arrays.copyOfRange(bytes, start, start + size);
            transmit(() -> deliver(piece));
            start += size;
        }
    }

    private void transmit(Runnable arriving) {
        if (silent || ended) {
            return;
        }
        long arrival = world.nanoTime() + delay.toNanos();
        if (lastArrival - arrival > 0) {
            arrival = lastArrival; // the order is kept
        }
        lastArrival = arrival;
        long wait = arrival - world.nanoTime();
        if (wait == 0) {
            world.execute(() -> arrive(arriving));
        } else {
            world.scheduleOnLoop(() -> arrive(arriving), wait);
        }
    }

    // ---- for the receiver

    private void arrive(Runnable arriving) {
        if (paused || !arrived.isEmpty()) {
            arrived.add(arriving);
        } else {
            arriving.run();
        }
    }

    private void deliver(byte[] piece) {
        if (to().isOpen()) {
            to().onBytes(piece);
        } else {
            world.execute(from()::onReset); // RFC 9293 3.10.7.1
        }
    }

    /** The receiver has taken bytes. */
    void consumed(int bytes) {
        underWay -= bytes;
        if (bytes > 0) {
            world.execute(() -> from().onRoom());
        }
    }

    // ---- faults

    /** The receiver reads in pieces that end at these positions. */
    public void splitAt(long... positions) {
        Arrays.stream(positions).forEach(cuts::add);
    }

    /** The receiver reads in pieces of chance, of at most so many bytes. */
    public void split(RandomGenerator by, int longest) {
        chance = by;
        longestPiece = longest;
    }

    /** What is sent from now on takes so long. */
    public void delay(Duration time) {
        delay = time;
    }

    /** The next bytes are lost, and nobody is told. */
    public void drop(long bytes) {
        toDrop += bytes;
    }

    /** Changes the byte at a position, which is not sent yet: these bits flip. */
    public void corrupt(long position, int mask) {
        flips.merge(position, mask, (one, other) -> one ^ other);
    }

    /** How many bytes were taken so far: the next one's position. */
    public long position() {
        return taken;
    }

    /** From now on nothing arrives, and nobody is told: as where a cable is cut. */
    public void silence() {
        silent = true;
    }

    /** The sender's output ends here, without a word; what it sends later is lost. */
    public void end() {
        takeEnd();
        ended = true;
    }

    /** Breaks the connection: both ends are told of a reset, and what is under way is lost. */
    public void reset() {
        breakOff();
        Objects.requireNonNull(back).breakOff();
    }

    /** The receiver stops reading: what comes waits in the link, until that is full. */
    public void pause() {
        paused = true;
    }

    /** The receiver reads on. */
    public void resume() {
        paused = false;
        world.execute(this::deliverArrived);
    }

    private void deliverArrived() {
        Runnable arriving;
        while (!paused && (arriving = arrived.poll()) != null) {
            arriving.run();
        }
    }

    /** The link takes so many bytes more from the sender, and then none. */
    public void window(long bytes) {
        window = bytes;
        world.execute(() -> from().onRoom());
    }
}
