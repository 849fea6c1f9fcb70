// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Deflates the messages that leave (RFC 7692, 7.2.1), part by part. Between messages it keeps a little of their text and no compressor: to
 * a compressor that has seen nothing that text is given as its dictionary.
 *
 * <p>zlib as Java has it knows one window, of 32 KiB. A smaller one is kept to by segments: a segment and the dictionary in front of it are
 * no longer than the window, so nothing can refer further back.
 */
public final class Deflation {
    /** The longest part that is deflated at once. */
    public static final int PART_BYTES = 32 << 10;

    /** How much text is kept: with more, messages get hardly smaller, and a deflater takes longer to look at it than to deflate them. */
    private static final int KEPT_BYTES = 2 << 10;

    private static final int MAX_WINDOW_BITS = 15;
    /** What each part ends with, and a message is sent without (7.2.1). */
    private static final int TAIL_BYTES = 4;

    private final Compressors compressors;
    private final Policy policy;
    private final boolean hasContext;
    private final int windowBits;
    private final int windowBytes;
    private final int keptBytes;
    private final KeptText kept;
    private boolean reserved;
    /** For the length of a message; null if none is being deflated. */
    private @Nullable LeasedDeflater deflater;

    /**
     * What is deflated, and how.
     *
     * @param level from 1, the fastest, to 9
     * @param thresholdBytes messages with less are left as they are
     * @param chosen which messages are deflated, by their opcode and first part
     */
    public record Policy(int level, int thresholdBytes, BiPredicate<Opcode, ByteBuffer> chosen) {}

    /**
     * Deflates the messages of one connection.
     *
     * @param hasContext whether messages may refer to earlier ones
     * @param windowBits how far back they may refer, as a power of two; 8 to 15
     */
    public Deflation(Compressors compressors, Policy policy, boolean hasContext, int windowBits) {
        this.compressors = compressors;
        this.policy = policy;
        this.hasContext = hasContext;
        this.windowBits = windowBits;
        this.windowBytes = windowBits == MAX_WINDOW_BITS ? Integer.MAX_VALUE : 1 << windowBits;
        this.keptBytes = Math.min(KEPT_BYTES, windowBytes / 2);
        this.kept = new KeptText(keptBytes);
    }

    /**
     * Whether a message is to be deflated.
     *
     * @param first the message, or as much of it as there is
     * @param isWhole whether nothing follows
     */
    public boolean chooses(Opcode opcode, ByteBuffer first, boolean isWhole) {
        return (!isWhole || first.remaining() >= policy.thresholdBytes) && policy.chosen.test(opcode, first.asReadOnlyBuffer());
    }

    /** How far back messages may refer, as a power of two. */
    public int windowBits() {
        return windowBits;
    }

    /** A whole message, deflated so that it refers to none before it, for any connection; empty if that saves nothing. */
    public Optional<ByteBuffer> alone(ByteBuffer message) {
        Deflation fresh = new Deflation(compressors, policy, false, windowBits);
        if (!fresh.begin()) {
            return Optional.empty();
        }
        try {
            ByteBuffer out = ByteBuffer.allocate(message.remaining());
            int parts = Math.max(1, Math.ceilDiv(message.remaining(), PART_BYTES));
            for (int i = 0; i < parts; i++) {
                int at = message.position() + i * PART_BYTES;
                ByteBuffer part = message.slice(at, Math.min(message.limit() - at, PART_BYTES));
                ByteBuffer deflated = fresh.deflate(part, i == parts - 1);
                if (deflated.remaining() >= out.remaining()) {
                    return Optional.empty();
                }
                out.put(deflated);
            }
            return Optional.of(ByteBuffer.wrap(Arrays.copyOf(out.array(), out.position())));
        } finally {
            fresh.stop();
        }
    }

    /** A message begins; returns whether it can be deflated: not without memory. */
    public boolean begin() {
        giveBack(); // of a message whose last fragment was never sent
        LeasedDeflater leased = compressors.deflater(policy.level);
        deflater = leased;
        if (leased != null) {
            refer(leased.zlib());
        }
        return leased != null;
    }

    /** Has it refer to what left before. */
    private void refer(Deflater zlib) {
        if (kept.size() > 0) {
            zlib.setDictionary(kept.array(), 0, kept.size());
        }
    }

    /**
     * Deflates a part of the message that has begun.
     *
     * @param part from position to limit, which stay; at most {@link #PART_BYTES}
     * @param isLast whether the message ends with it, so that {@link #end} or {@link #abandon} follows
     * @return what is to be sent, until any other method is called
     */
    public ByteBuffer deflate(ByteBuffer part, boolean isLast) {
        LeasedDeflater leased = Objects.requireNonNull(deflater);
        ByteBuffer out = leased.out().clear();
        if (windowBytes == Integer.MAX_VALUE) {
            flush(leased.zlib(), part.duplicate(), out);
        } else {
            deflateSegments(leased.zlib(), part, out);
        }
        if (!isLast && windowBytes == Integer.MAX_VALUE) {
            kept.add(part);
        }
        if (isLast) {
            // 7.2.1: remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end.
            if (out.position() >= TAIL_BYTES) {
                out.position(out.position() - TAIL_BYTES);
            } else {
                out.put((byte) 0); // nothing was left to flush: this is the beginning of an empty block, whose end is that tail
            }
        }
        return out.flip();
    }

    /** Each segment by a deflater that has seen nothing but what is kept. */
    private void deflateSegments(Deflater zlib, ByteBuffer part, ByteBuffer out) {
        int at = part.position();
        while (at < part.limit()) {
            ByteBuffer segment = part.slice(at, Math.min(part.limit() - at, windowBytes - kept.size()));
            zlib.reset();
            refer(zlib);
            flush(zlib, segment.duplicate(), out);
            at += segment.remaining();
            kept.add(segment);
        }
    }

    private static void flush(Deflater zlib, ByteBuffer in, ByteBuffer out) {
        zlib.setInput(in);
        while (zlib.deflate(out, Deflater.SYNC_FLUSH) > 0) {
            if (!out.hasRemaining()) {
                throw new AssertionError("a part of a message gets longer than there is room for");
            }
        }
    }

    /** The message has been sent, and ended with this part, whose end is kept. */
    public void end(ByteBuffer lastPart) {
        giveBack();
        if (!hasContext || !mayKeep()) {
            forget();
        } else if (windowBytes == Integer.MAX_VALUE) {
            kept.add(lastPart);
        }
    }

    /** The message that was deflated, whole, is sent as it is. */
    public void abandon() {
        giveBack();
        if (windowBytes < Integer.MAX_VALUE) {
            forget(); // what is kept has the message's segments
        }
    }

    private boolean mayKeep() {
        if (!reserved) {
            reserved = compressors.reserve(keptBytes);
        } else {
            relieve();
        }
        return reserved;
    }

    /** Something is sent deflated that is not known here; what follows must not refer to what was in front of it. */
    public void forget() {
        kept.clear();
    }

    /** Gives back what is kept between messages, where memory is short. */
    public void relieve() {
        if (deflater == null && reserved && !compressors.hasRoom(0)) {
            compressors.release(keptBytes);
            reserved = false;
            forget();
        }
    }

    /** Nothing more is sent: gives back all memory. */
    public void stop() {
        giveBack();
        if (reserved) {
            compressors.release(keptBytes);
            reserved = false;
        }
        forget();
    }

    private void giveBack() {
        if (deflater != null) {
            compressors.giveBack(deflater);
            deflater = null;
        }
    }
}
