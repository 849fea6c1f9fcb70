// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.testkit.memory.HandHeld;
import io.hawser.testkit.memory.MemoryWire;
import io.hawser.testkit.memory.Tap;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wire of a conversation as its other end has it: what comes, how that is cut, and how much the transport takes. For the thread that
 * drives the loop, while it does not: so this is confined as what runs on the loop is.
 */
final class TalkWire {
    private static final AtomicInteger PORTS = new AtomicInteger();
    private static final int MAX_CUT_BYTES = 9;

    private final TalkLoop loop;
    private final HandHeld held;
    private byte[] accepted = new byte[256];
    private int acceptedBytes;

    TalkWire(TalkLoop loop, Optional<Principal> principal) {
        this.loop = loop;
        // A port of its own, so that the log lines of tests that run beside each other can be told apart.
        int port = 10_000 + PORTS.incrementAndGet() % 50_000;
        this.held = HandHeld.in(
                loop.world(),
                new MemoryWire.Addresses(
                        InetSocketAddress.createUnresolved("peer.example", port),
                        InetSocketAddress.createUnresolved("here.example", 443),
                        principal),
                new Tap() {
                    @Override
                    public void sent(byte[] bytes) {
                        add(bytes);
                    }

                    @Override
                    public void received(byte[] bytes) {}
                });
    }

    private void add(byte[] bytes) {
        if (accepted.length - acceptedBytes < bytes.length) {
            accepted = Arrays.copyOf(accepted, 2 * accepted.length + bytes.length);
        }
        System.arraycopy(bytes, 0, accepted, acceptedBytes, bytes.length);
        acceptedBytes += bytes.length;
    }

    /** The end that the connection has. */
    Wire wire() {
        return held.wire();
    }

    SocketAddress remoteAddress() {
        return held.wire().remoteAddress();
    }

    LoopWatch watch() {
        return held.wire().watch();
    }

    // ---- input

    /** From now on input comes in pieces of one to nine bytes. */
    void cutInput(long seed) {
        held.toWire().split(new SplittableRandom(seed), MAX_CUT_BYTES);
    }

    /** These bytes come in one read event, or in several if {@linkplain #cutInput cut}. */
    void receive(byte[] bytes) {
        held.peer().send(bytes);
    }

    /** These bytes come in read events that end at these positions, and at their end. */
    void receiveCut(byte[] bytes, int... positions) {
        long from = held.toWire().position();
        held.toWire().splitAt(Arrays.stream(positions).mapToLong(position -> from + position).toArray());
        receive(bytes);
    }

    /** The peer ends its output, behind what came. */
    void endInput() {
        held.peer().endOutput();
    }

    /** The peer resets the connection: what was not read is lost. */
    void reset() {
        held.peer().cut();
    }

    /** This side's own code fails, in the middle of a read. */
    void fail(Throwable cause) {
        loop.runOnLoop(() -> held.wire().fail(cause));
    }

    /** How many bytes came and were not read, or were left by the reader. */
    int unreadBytes() {
        return held.wire().unreadBytes() + held.peer().waitingBytes();
    }

    /** Whether reading stands still because the reader wants no more. */
    boolean isHolding() {
        return held.wire().isHolding();
    }

    // ---- output

    /** The transport takes so many bytes, and then none. */
    void accept(long bytes) {
        held.toPeer().window(bytes);
        loop.run();
    }

    void acceptNothing() {
        held.toPeer().window(0);
    }

    void acceptAll() {
        accept(Long.MAX_VALUE);
    }

    /** What the transport has accepted, from a position on. */
    ByteBuffer acceptedFrom(int position) {
        return ByteBuffer.wrap(accepted, position, acceptedBytes - position).slice();
    }

    /** How often something was offered to the transport: so many system calls. */
    int flushes() {
        return held.wire().flushes();
    }

    /** How often the loop was handed a task. */
    int wakeUps() {
        return held.wire().wakeUps();
    }

    /** Whether the output has ended, so that the peer sees it after the last byte. */
    boolean isOutputEnded() {
        return held.peer().isEnded();
    }

    boolean isClosed() {
        return !held.wire().isOpen();
    }
}
