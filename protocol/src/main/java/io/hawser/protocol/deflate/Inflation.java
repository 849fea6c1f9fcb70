// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.frame.MaskedFrameSink;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages that come compressed (RFC 7692, 7.2.2), chunk by chunk as there is demand. What it has given and nobody has taken
 * waits here, in one chunk at most, and the rest in front.
 *
 * <p>A message must end where a block ends. zlib does not tell where it stands in a block, but takes what is appended in a way that does:
 * the four bytes that the sender has left out (7.2.1) and an empty last block give no output and end the stream. Inside a block they are
 * data, and all but certainly do not.
 */
public final class Inflation implements MaskedFrameSink {
    /** RSV1, which marks a compressed message (6). */
    public static final int RSV1 = 4;

    /** The end of an empty block, which the sender has left out, and an empty block that is the last. */
    private static final byte[] END = {0, 0, (byte) 0xFF, (byte) 0xFF, 1, 0, 0, (byte) 0xFF, (byte) 0xFF};
    /** How many of them the sender has left out. */
    private static final int TAIL_BYTES = 4;
    /** Blocks that end the stream in the midst of a message are allowed (7.2.3.4); behind each one the window has to be restored. */
    private static final int MAX_RESTARTS = 4096;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final boolean inflates;
    private final Compressors compressors;
    private final @Nullable KeptText context;
    private final long contextBytes;
    private final Limits limits;
    private final BooleanSupplier open;
    private final Runnable hold;
    private final MaskedFrameSink next;

    private @Nullable LeasedInflater inflater;
    private boolean stopped;
    private boolean delivering;
    private boolean messageCompressed;
    private boolean frameCompressed;
    private boolean fin;
    private boolean endWaits;
    private long inflatedBytes;
    private long fragments;
    private int restarts;

    /**
     * Inflates in front of {@code next}.
     *
     * @param inflates whether that is done here; else messages pass as they are, and keep their mark
     * @param hasContext whether messages may refer to earlier ones
     * @param windowBits how far back they refer at most, as a power of two
     * @param limits of which those of messages are kept to here, by what comes out
     * @param open whether a chunk may be given; at least for one it may when anything comes
     * @param hold holds the parser until it is called again
     */
    public Inflation(
            boolean inflates,
            Compressors compressors,
            boolean hasContext,
            int windowBits,
            Limits limits,
            BooleanSupplier open,
            Runnable hold,
            MaskedFrameSink next) {
        this.compressors = compressors;
        this.inflates = inflates;
        this.context = inflates && hasContext ? new KeptText(1 << windowBits) : null;
        this.contextBytes = inflates && hasContext ? 1L << windowBits : 0;
        this.limits = limits;
        this.open = open;
        this.hold = hold;
        this.next = next;
        compressors.reserveAnyway(contextBytes); // there was room for it when it was promised to the peer
    }

    // ---- from the parser

    @Override
    public void onFrame(Opcode opcode, boolean frameFin, int rsv, long length) {
        boolean first = opcode == Opcode.TEXT || opcode == Opcode.BINARY;
        if ((rsv & RSV1) != 0 && !first) {
            // RFC 7692 6.1: MUST NOT set it on control frames, nor on any but the first fragment.
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "RFC 7692, 6.1", "RSV1 is set on a " + opcode + " frame");
        }
        if (!inflates) {
            next.onFrame(opcode, frameFin, rsv, length);
            return;
        }
        if (first) {
            messageCompressed = (rsv & RSV1) != 0;
            if (messageCompressed) {
                begin();
            }
        }
        frameCompressed = messageCompressed && !opcode.isControl();
        if (frameCompressed && ++fragments > limits.fragments() + inflatedBytes / limits.bytesPerExtraFragment()) {
            throw new ProtocolViolation(
                    CloseStatus.POLICY_VIOLATION, "10.4", "a message of more than " + (fragments - 1) + " fragments");
        }
        fin = frameFin;
        next.onFrame(opcode, frameFin, rsv & ~RSV1, frameCompressed ? -1 : length);
    }

    private void begin() {
        LeasedInflater leased = compressors.inflater();
        if (leased == null) {
            throw new ProtocolViolation(CloseStatus.TRY_AGAIN_LATER, "7.4.1", "there is no memory left to inflate a message");
        }
        inflater = leased;
        inflatedBytes = 0;
        fragments = 0;
        restarts = 0;
        refer(leased.zlib());
    }

    /** Has it refer to what came before. */
    private void refer(Inflater zlib) {
        if (context != null && context.size() > 0) {
            zlib.setDictionary(context.array(), 0, context.size());
        }
    }

    @Override
    public void onMasked(ByteBuffer chunk, int key) {
        if (frameCompressed) {
            MaskedFrameSink.super.onMasked(chunk, key);
        } else {
            next.onMasked(chunk, key);
        }
    }

    @Override
    public void onPayload(ByteBuffer chunk) {
        if (frameCompressed) {
            give(chunk);
        } else {
            next.onPayload(chunk);
        }
    }

    @Override
    public void onFrameEnd() {
        if (!frameCompressed) {
            next.onFrameEnd();
            return;
        }
        endWaits = true;
        if (!drain()) {
            hold.run();
        }
    }

    // ---- from the engine

    /** Whether something waits for demand. */
    public boolean isHeldBack() {
        return inflater != null && inflater.out().hasRemaining();
    }

    /** Gives what waits; returns whether that was all. */
    public boolean drain() {
        if (inflater == null) {
            return true;
        }
        if (!give(NOTHING)) {
            return false;
        }
        if (endWaits) {
            endWaits = false;
            if (fin) {
                endMessage(inflater.zlib());
            }
            next.onFrameEnd();
        }
        return true;
    }

    /** Nothing more comes: gives back all memory, but for the chunk that is being delivered, behind which it follows. */
    public void stop() {
        if (!delivering) {
            giveBack();
        }
        if (!stopped) {
            stopped = true;
            endWaits = false;
            compressors.release(contextBytes);
            if (context != null) {
                context.clear();
            }
        }
    }

    // ---- inflating

    /** Gives what these bytes come to, as far as there is demand; returns whether that was all. */
    private boolean give(ByteBuffer in) {
        LeasedInflater leased = Objects.requireNonNull(inflater);
        while (deliver(leased.out())) {
            if (stopped || !inflate(leased, in)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is left of the chunk. Who takes it may end the connection. */
    private boolean deliver(ByteBuffer out) {
        if (out.hasRemaining() && open.getAsBoolean()) {
            delivering = true;
            try {
                next.onPayload(out);
            } finally {
                delivering = false;
                if (stopped) {
                    giveBack();
                }
            }
        }
        return !out.hasRemaining();
    }

    /** Inflates a chunk; returns whether there was anything left to inflate. */
    private boolean inflate(LeasedInflater leased, ByteBuffer in) {
        Inflater zlib = leased.zlib();
        ByteBuffer out = leased.out().clear();
        zlib.setInput(in);
        int length = inflate(zlib, out);
        out.flip();
        if (length == 0 && zlib.finished() && in.hasRemaining()) {
            restart(zlib);
            return true;
        }
        inflatedBytes += length;
        if (inflatedBytes > limits.messageBytes()) {
            throw new ProtocolViolation(
                    CloseStatus.TOO_BIG, "7.4.1", "a message that inflates to more than " + limits.messageBytes() + " bytes");
        }
        if (context != null) {
            context.add(out);
        }
        return length > 0;
    }

    private static int inflate(Inflater zlib, ByteBuffer out) {
        try {
            return zlib.inflate(out);
        } catch (DataFormatException e) {
            throw corrupt("is corrupt: " + e.getMessage());
        }
    }

    /** Goes on behind a block that has ended the stream, though not the message. */
    private void restart(Inflater zlib) {
        if (++restarts > MAX_RESTARTS) {
            throw corrupt("has more than " + MAX_RESTARTS + " last blocks");
        }
        zlib.reset();
        refer(zlib);
    }

    private void endMessage(Inflater zlib) {
        ByteBuffer end = ByteBuffer.wrap(END);
        ByteBuffer out = Objects.requireNonNull(inflater).out().clear();
        zlib.setInput(end);
        // 7.2.1: the empty block whose end was left out may be the last by itself.
        if (inflate(zlib, out) > 0 || !zlib.finished() || end.hasRemaining() && end.position() != TAIL_BYTES) {
            throw corrupt("ends inside a block");
        }
        giveBack();
    }

    private void giveBack() {
        if (inflater != null) {
            compressors.giveBack(inflater);
            inflater = null;
        }
    }

    private static ProtocolViolation corrupt(String how) {
        return new ProtocolViolation(CloseStatus.INVALID_DATA, "RFC 7692, 7.2.2", "a compressed message " + how);
    }
}
