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
    /** No window but the capacity. */
    public static final long WIDE_OPEN = Long.MAX_VALUE;

    private final World world;
    private @Nullable End from;
    private @Nullable End to;
    private @Nullable Link back;

    private long taken;
    /** Bytes that the receiver has not taken so far. */
    private long underWay;
    private boolean ended;
    private boolean broken;
    /** What is on its way, in its order. */
    private final ArrayDeque<Item> way = new ArrayDeque<>();
    /** What is sent while nothing gets through. */
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();

    private long lastArrival;

    // Faults
    private final NavigableSet<Long> cuts = new TreeSet<>();
    private final NavigableMap<Long, Integer> flips = new TreeMap<>();
    private @Nullable RandomGenerator pieces;
    private int longestPiece;
    private Duration leastDelay = Duration.ZERO;
    private Duration mostDelay = Duration.ZERO;
    private @Nullable RandomGenerator delays;
    private long toDrop;
    private boolean silent;
    private boolean losing;
    private boolean paused;
    private long window = WIDE_OPEN;

    /** What arrives at an instant, unless the receiver does not read then. */
    private record Item(long arrival, Runnable arriving) {}

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

    private Link back() {
        return Objects.requireNonNull(back);
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
        window = window == WIDE_OPEN ? window : window - bytes.length;
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

    private byte[] drop(byte[] bytes) {
        int dropped = (int) Math.min(losing || broken ? Long.MAX_VALUE : toDrop, bytes.length);
        toDrop = Math.max(0, toDrop - dropped);
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
            size = pieces == null ? size : Math.min(size, 1 + pieces.nextInt(longestPiece));
            taken += size;
            byte[] piece = Arrays.copyOfRange(bytes, start, start + size);
            transmit(() -> deliver(piece));
            start += size;
        }
    }

    /** Takes the end of what is sent, which arrives behind all that was taken before. */
    void takeEnd() {
        if (!ended && !broken) {
            ended = true;
            transmit(() -> to().onEnd());
        }
    }

    /** The sender is gone: what is under way is lost, and the receiver is told, if anything gets through to it now. */
    void breakOff() {
        breakDown();
        if (!silent) { // a reset is sent once; who has missed it is told again when it sends something
            transmit(() -> to().onReset());
        }
    }

    private void breakDown() {
        broken = true;
        way.clear();
        held.clear();
    }

    private void transmit(Runnable arriving) {
        if (silent) {
            held.add(arriving);
            return;
        }
        long now = world.nanoTime();
        long arrival = now + delayNanos();
        if (lastArrival - arrival > 0) {
            arrival = lastArrival; // the order is kept
        }
        lastArrival = arrival;
        way.add(new Item(arrival, arriving));
        // One task for each, so that each is a read of its own; which one it delivers the order says, not the task.
        if (arrival == now) {
            world.execute(this::arrive);
        } else {
            world.scheduleOnLoop(this::arrive, arrival - now);
        }
    }

    private long delayNanos() {
        long least = World.nanosOf(leastDelay);
        return delays == null ? least : least + delays.nextLong(World.nanosOf(mostDelay) - least + 1);
    }

    // ---- for the receiver

    private void arrive() {
        if (!paused && hasArrived()) {
            way.remove().arriving().run();
        }
    }

    private boolean hasArrived() {
        Item first = way.peek();
        return first != null && first.arrival() - world.nanoTime() <= 0;
    }

    private void deliver(byte[] piece) {
        if (to().isOpen()) {
            to().onBytes(piece);
        } else {
            back().breakOff(); // RFC 9293 3.10.7.1: what comes for a connection that does not exist any more causes a reset
        }
    }

    /** The receiver has taken bytes. */
    void consumed(int bytes) {
        underWay -= bytes;
        if (bytes > 0) {
            world.execute(() -> from().onRoom());
        }
    }

    /**
     * The receiver takes nothing any more.
     *
     * @param unread whether it leaves bytes that have arrived
     */
    void abandon(boolean unread) {
        if (unread || (paused && hasArrived())) {
            // RFC 1122 4.2.2.13: if data is left, or comes later, the TCP SHOULD send a reset to show that it was lost.
            back().breakOff();
        }
    }

    // ---- faults

    /** Changes something here: at once on the loop; for the test's thread when all has happened that was to happen before. */
    public void change(Runnable fault) {
        if (world.inLoop()) {
            fault.run();
        } else {
            world.onLoop(fault);
        }
    }

    /** The receiver reads in pieces that end at these positions. */
    public void splitAt(long... positions) {
        Arrays.stream(positions).forEach(cuts::add);
    }

    /** The receiver reads in pieces of chance, of at most so many bytes. */
    public void split(RandomGenerator by, int longest) {
        pieces = by;
        longestPiece = longest;
    }

    /** What is sent from now on takes so long. */
    public void delay(Duration time) {
        leastDelay = time;
        delays = null;
    }

    /** What is sent from now on takes a time of chance; what would overtake waits. */
    public void delay(RandomGenerator by, Duration least, Duration most) {
        leastDelay = least;
        mostDelay = most;
        delays = by;
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

    /** From now on nothing gets through, and nobody is told: as where a cable is cut. What has arrived has arrived. */
    public void silence() {
        silent = true;
        while (!way.isEmpty() && way.getLast().arrival() - world.nanoTime() > 0) {
            held.addFirst(way.removeLast().arriving());
        }
        lastArrival = world.nanoTime();
    }

    /** What was sent while nothing got through arrives, unless its sender is gone, as does what is sent from now on. */
    public void restore() {
        silent = false;
        while (!held.isEmpty()) {
            transmit(held.remove());
        }
    }

    /** The sender's output ends here, without a word; what it sends later is lost. */
    public void end() {
        takeEnd();
        losing = true;
    }

    /** Breaks the connection: both ends are told of a reset at once, and what is under way is lost. */
    public void reset() {
        tellReset();
        back().tellReset();
    }

    private void tellReset() {
        breakDown();
        world.execute(() -> to().onReset());
    }

    /** The receiver stops reading: what comes waits in the link, until that is full. */
    public void pause() {
        paused = true;
    }

    /** The receiver reads on. */
    public void resume() {
        paused = false;
        world.execute(this::arriveAll);
    }

    private void arriveAll() {
        while (!paused && hasArrived()) {
            way.remove().arriving().run();
        }
    }

    /** The link takes so many bytes more from the sender, and then none; {@link #WIDE_OPEN} ends that. */
    public void window(long bytes) {
        window = bytes;
        world.execute(() -> from().onRoom());
    }
}
