// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.io.ByteArrayOutputStream;

/** One end of a connection that a test moves by hand, byte by byte, with no engine behind it. The loop's own. */
public final class HandEnd implements End {
    private final Link out;
    private final Link in;
    private final Tap tap;
    private final Outgoing outgoing;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean ending;
    private boolean ended;
    private boolean reset;
    private Runnable changed = () -> {};

    /** An end between two links. */
    public HandEnd(Link out, Link in, Tap tap) {
        this.out = out;
        this.in = in;
        this.tap = tap;
        this.outgoing = new Outgoing(out, tap);
    }

    // ---- for the test, on the loop

    /** Sends bytes, as far as the link takes them; the rest follows when it does. Handed over. */
    public void send(byte[] bytes) {
        outgoing.write(bytes);
        outgoing.flush(false);
        outgoing.transfer();
    }

    /** Ends what this end sends, behind all that it has sent. */
    public void endOutput() {
        ending = true;
        passEnd();
    }

    private void passEnd() {
        if (ending && outgoing.isAccepted()) {
            out.takeEnd();
        }
    }

    /** How many bytes the link has not taken so far. */
    public int waitingBytes() {
        return outgoing.waitingBytes();
    }

    /** Breaks the connection. */
    public void cut() {
        out.breakOff();
        reset = true;
    }

    /** Tells of whatever comes from now on; on the loop. */
    public void onChange(Runnable listener) {
        changed = listener;
    }

    /** Whether this end has ended what it sends. */
    public boolean isEnding() {
        return ending;
    }

    /** All bytes that came. */
    public byte[] received() {
        return received.toByteArray();
    }

    /** How many bytes came. */
    public int receivedBytes() {
        return received.size();
    }

    /** Whether the other side has ended its output. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether the connection is broken. */
    public boolean isReset() {
        return reset;
    }

    // ---- what the links tell

    @Override
    public boolean isOpen() {
        return !reset;
    }

    @Override
    public void onBytes(byte[] bytes) {
        tap.received(bytes);
        received.writeBytes(bytes);
        in.consumed(bytes.length);
        changed.run();
    }

    @Override
    public void onEnd() {
        ended = true;
        changed.run();
    }

    @Override
    public void onReset() {
        reset = true;
        changed.run();
    }

    @Override
    public void onRoom() {
        outgoing.transfer();
        passEnd();
    }
}
