// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.message;

import io.hawser.protocol.Opcode;
import io.hawser.protocol.frame.Demand;
import io.hawser.protocol.frame.MaskedFrameSink;
import io.hawser.protocol.frame.Masking;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Collects chunks into whole payloads, of messages or of single frames, each delivery taking one piece of demand. The bytes
 * of a frame are read straight into their final array where its length is known.
 *
 * <p>An announcement alone allocates little: the array grows with what has arrived, to four times as much at the most. Sees
 * data frames only.
 */
public final class PayloadAssembler implements MaskedFrameSink {
    private static final byte[] EMPTY = {};
    private static final int TRUSTED_BYTES = 16 << 10;
    private static final int GROWTH = 4;

    private final boolean joinFragments;
    private final int maxBytes;
    private final Demand demand;
    private final PayloadSink sink;

    private Opcode opcode = Opcode.CONTINUATION;
    private boolean fin = true;
    private boolean open;
    private byte[] bytes = EMPTY;
    private int size;
    private long progress;
    /** The size that the payload will have at the end of the frame under way, as far as it is known. */
    private long expected;

    /**
     * An assembler.
     *
     * @param joinFragments whether the fragments of a message are joined, or each delivered by itself
     * @param maxBytes the longest payload that comes; no more room is made
     * @param demand loses a piece with each delivery
     * @param sink takes the payloads
     */
    public PayloadAssembler(boolean joinFragments, long maxBytes, Demand demand, PayloadSink sink) {
        this.joinFragments = joinFragments;
        this.maxBytes = (int) Math.min(maxBytes, Integer.MAX_VALUE - 8);
        this.demand = demand;
        this.sink = sink;
    }

    /** Whether a payload has begun and is not complete. */
    public boolean isOpen() {
        return open;
    }

    /** A number that grows when a message begins, and with each byte of its payload. */
    public long progress() {
        return progress;
    }

    /** How many bytes are allocated for the payload under way. */
    int capacity() {
        return bytes.length;
    }

    @Override
    public void onFrame(Opcode frameOpcode, boolean frameFin, int rsv, long length) {
        if (frameOpcode != Opcode.CONTINUATION || !joinFragments) {
            opcode = frameOpcode;
        }
        fin = frameFin;
        if (!open) {
            open = true;
            progress++;
        }
        expected = size + Math.max(0, length);
    }

    @Override
    public void onMasked(ByteBuffer chunk, int key) {
        int arriving = chunk.remaining();
        if (bytes.length - size < arriving) {
            bytes = Arrays.copyOf(bytes, capacityFor(size + arriving));
        }
        Masking.copy(chunk, bytes, size, key);
        size += arriving;
        progress += arriving;
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        onMasked(chunk, 0);
    }

    @Override
    public void onFrameEnd() {
        open = joinFragments && !fin;
        if (!open) {
            byte[] payload = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
            bytes = EMPTY;
            size = 0;
            demand.take();
            sink.onData(opcode, fin, payload);
        }
    }

    /** Forgets a message that will never end. */
    public void discard() {
        bytes = EMPTY;
        size = 0;
        open = false;
    }

    private int capacityFor(int needed) {
        long trusted = Math.max(TRUSTED_BYTES, (long) GROWTH * needed);
        if (expected >= needed && fin) {
            return (int) Math.min(expected, Math.min(trusted, maxBytes));
        }
        // The frame is not the message's last, or its length not known: twice what there is, as the rest is anyone's guess.
        return (int) Math.min(Math.max(needed, 2L * bytes.length), maxBytes);
    }
}
