// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.testkit.memory.Link;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What goes wrong with the bytes of one direction of a connection in memory. Without any of it they arrive as over a fast and sound TCP
 * connection: in order, complete, each write as one read, and at most 256 KiB ahead of who reads them.
 *
 * <p>Positions count the bytes that the sender's transport has taken, from 0, which is the first one behind the handshake. A fault counts for
 * what is sent from then on, and stays until it is changed. For the test's own thread, which first lets everything happen that was to
 * happen before; and where a connection is prepared, see {@link TestOptions#everyConnection}.
 */
public final class Faults {
    private final Link link;

    Faults(Link link) {
        this.link = link;
    }

    private Faults apply(Runnable fault) {
        link.change(fault);
        return this;
    }

    // ---- how bytes are cut and how long they take

    /**
     * Ends reads at these positions. TCP is free to cut its stream anywhere; here the receiver gets what the sender wrote in one go in as many
     * reads as positions divide it into.
     *
     * @param positions each 0 or more; added to those of earlier calls
     * @throws IllegalArgumentException if one is negative
     */
    public Faults splitAt(long... positions) {
        Arrays.stream(positions).forEach(position -> requireNotNegative("a position to split at", position));
        return apply(() -> link.splitAt(positions));
    }

    /**
     * Cuts what is sent into pieces of chance, each a read of its own; with 1 as the longest, byte by byte. TCP may do so with a slow or small
     * sender.
     *
     * @param seed the same one cuts the same bytes alike
     * @param longestBytes 1 or more
     * @throws IllegalArgumentException if the longest is less than 1
     */
    public Faults split(long seed, int longestBytes) {
        if (longestBytes < 1) {
            throw new IllegalArgumentException("the longest piece must have 1 byte or more, not " + longestBytes);
        }
        return apply(() -> link.split(new SplittableRandom(seed), longestBytes));
    }

    /**
     * Lets bytes, and the end behind them, take a time. As over TCP they keep their order: what is sent later with a shorter delay does not
     * overtake.
     *
     * @param time zero or more; default zero
     * @throws IllegalArgumentException if it is negative
     */
    public Faults delay(Duration time) {
        TestOptions.requireNotNegative("a delay", time);
        return apply(() -> link.delay(time));
    }

    /**
     * Lets each read take a time of chance. As over TCP what would overtake waits.
     *
     * @param seed the same one gives the same times
     * @param least zero or more
     * @param most as long or longer
     * @throws IllegalArgumentException if the times are not so
     */
    public Faults delay(long seed, Duration least, Duration most) {
        TestOptions.requireNotNegative("the least delay", least);
        if (most.compareTo(least) < 0) {
            throw new IllegalArgumentException("the longest delay must not be shorter than the least, " + least + ", as " + most + " is");
        }
        return apply(() -> link.delay(new SplittableRandom(seed), least, most));
    }

    // ---- what becomes of bytes

    /**
     * Loses the next bytes, and goes on behind them. TCP would send them again, or break the connection; this is what a faulty proxy does.
     *
     * @param bytes how many, 0 or more; added to those that are still to be lost
     * @throws IllegalArgumentException if it is negative
     */
    public Faults drop(long bytes) {
        requireNotNegative("the number of bytes to drop", bytes);
        return apply(() -> link.drop(bytes));
    }

    /**
     * Changes the byte at a position. TCP finds most such changes by its checksum and repairs them; this is one that it did not find.
     *
     * @param position of a byte that is not sent yet, see {@link #position}
     * @param bits those that flip, 1 to 255
     * @throws IllegalArgumentException if the byte is sent, or no bit flips
     */
    public Faults corrupt(long position, int bits) {
        if (bits < 1 || bits > 255) {
            throw new IllegalArgumentException("the bits to flip must be 1 to 255, not " + bits);
        }
        if (position < position()) {
            throw new IllegalArgumentException("the byte at " + position + " is sent already; corrupt one at " + position() + " or later");
        }
        return apply(() -> link.corrupt(position, bits));
    }

    /** Changes the next byte that is sent; otherwise as {@link #corrupt}. */
    public Faults corruptNext(int bits) {
        return corrupt(position(), bits);
    }

    /** The position of the next byte that is sent: how many were so far. */
    public long position() {
        long[] position = new long[1];
        apply(() -> position[0] = link.position());
        return position[0];
    }

    // ---- what becomes of the connection

    /**
     * Lets nothing through any more, and tells nobody: as where a cable is cut or a peer's machine stops. What has arrived has arrived. As over
     * TCP the sender goes on until 256 KiB are on the way, and then cannot; the other direction is as it was, so both are silenced where both
     * are to be.
     */
    public Faults silence() {
        return apply(link::silence);
    }

    /**
     * Ends a {@link #silence}: what was sent meanwhile arrives, for TCP has sent it again and again, and everything that follows; but not what
     * an end has sent that has given up since. That one answers by a reset.
     */
    public Faults restore() {
        return apply(link::restore);
    }

    /**
     * Breaks the connection: as a reset, both its ends are told at once, even through a {@link #silence}, and what is under way in either
     * direction is lost.
     */
    public Faults reset() {
        return apply(link::reset);
    }

    /**
     * Ends this direction behind what is sent, without a close frame: as where the sender's process ends. What the sender sends later is lost,
     * and it is not told; over TCP it would be by what the receiver does then.
     */
    public Faults end() {
        return apply(link::end);
    }

    // ---- a receiver that is slow or stands still

    /**
     * Lets the receiver stop reading. What comes waits, as in a socket's buffers: when 256 KiB do the sender can send no more, until {@link
     * #resume}. A reset it notices nevertheless.
     */
    public Faults pause() {
        return apply(link::pause);
    }

    /** Lets the receiver read on, what waits first. */
    public Faults resume() {
        return apply(link::resume);
    }

    /**
     * Lets the sender send so many bytes more, and then none: the window that a TCP receiver shows. With 0 it is shut at once. What is sent
     * within it arrives.
     *
     * @param bytes 0 or more, in place of what was left of an earlier one
     * @throws IllegalArgumentException if it is negative
     */
    public Faults window(long bytes) {
        requireNotNegative("a window", bytes);
        return apply(() -> link.window(bytes));
    }

    /** Opens the {@link #window} wide, as it is at first. */
    public Faults openWindow() {
        return apply(() -> link.window(Link.WIDE_OPEN));
    }

    private static void requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, as " + value + " is");
        }
    }
}
