// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.frame;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * Reads frames from borrowed bytes, however they are cut (RFC 6455, 5.2), and hands the payload on as it arrives, with
 * the key that unmasks it. It keeps at most a partial header. What one frame alone can break is refused here: reserved
 * opcodes, lengths that are too long or not in their shortest form, a mask where none belongs. Confined to one thread.
 */
public final class FrameParser {
    /** The longest header: two bytes, a 64-bit length, a masking key. */
    public static final int MAX_HEADER_BYTES = 14;

    // Network order, whatever the order of the buffer is.
    private static final VarHandle SHORTS = MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int FIN = 0x80;
    private static final int MASK = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private final boolean expectsMask;
    private final MaskedFrameSink sink;
    private final Demand demand;

    /** A header that was cut by the end of the bytes, as far as it came. */
    private final ByteBuffer partialHeader = ByteBuffer.allocate(MAX_HEADER_BYTES);

    private boolean inPayload;
    private boolean inControlFrame;
    private long payloadLeft;
    private int maskingKey;
    /** The key, rotated to the phase of the next byte. */
    private int nextKey;
    /** How many bytes in front of us are unmasked already, because the sink left them. */
    private int unmasked;

    private boolean stopped;
    /** Whether frames are being read: not if stopped, or held until the next call. */
    private boolean running;

    /**
     * A parser for what {@code role} receives.
     *
     * @param role a server expects masked frames, a client unmasked ones
     * @param sink takes the frames
     * @param demand data is handed on only while this is open
     */
    public FrameParser(Role role, MaskedFrameSink sink, Demand demand) {
        this.expectsMask = role == Role.SERVER;
        this.sink = sink;
        this.demand = demand;
    }

    /**
     * Reads frames until the bytes or the demand run out, and advances the buffer's position over what it consumed.
     * Bytes that are left wait for demand and must be offered again, in front of what follows them. The payload in them
     * may be unmasked already, so they must not be altered.
     *
     * @param in borrowed, and written to while unmasking
     * @throws ProtocolViolation if the peer breaks a rule; the parser is of no use after that
     */
    public void parse(ByteBuffer in) {
        boolean goesOn = true;
        running = !stopped;
        while (goesOn && running) {
            goesOn = inPayload ? parsePayload(in) : parseHeader(in);
        }
        if (stopped) {
            in.position(in.limit());
        }
    }

    /** Makes the parser throw away all bytes from now on, also those behind the frame that is being handled. */
    public void stop() {
        stopped = true;
        running = false;
    }

    /** Makes the parser leave all bytes behind the payload or frame that is being handled, until it is called again. */
    public void hold() {
        running = false;
    }

    /**
     * Whether data has come that waits for demand, or that the sink left. Its payload need not be there yet: an empty
     * frame has none.
     */
    public boolean isHeldBack() {
        return inPayload && !inControlFrame && !stopped && (unmasked > 0 || !demand.isOpen());
    }

    /** Whether the bytes so far end inside a frame. */
    public boolean isInsideFrame() {
        return inPayload || partialHeader.position() > 0;
    }

    /** The masking key of the frame that is, or was last, under way; empty where none belongs. */
    public OptionalInt maskingKey() {
        return expectsMask ? OptionalInt.of(maskingKey) : OptionalInt.empty();
    }

    private boolean parseHeader(ByteBuffer in) {
        if (partialHeader.position() > 0) {
            return resumeHeader(in);
        }
        int start = in.position();
        int available = in.limit() - start;
        if (available < 2 || available < headerBytes(in.get(start + 1))) {
            partialHeader.put(in);
            return false;
        }
        beginFrame(in);
        return true;
    }

    private boolean resumeHeader(ByteBuffer in) {
        while (partialHeader.position() < 2 || partialHeader.position() < headerBytes(partialHeader.get(1))) {
            if (!in.hasRemaining()) {
                return false;
            }
            partialHeader.put(in.get());
        }
        beginFrame(partialHeader.rewind());
        partialHeader.clear();
        return true;
    }

    private static int headerBytes(byte second) {
        int length = second & 0x7F;
        int extended = length < LENGTH_16 ? 0 : length == LENGTH_16 ? Short.BYTES : Long.BYTES;
        return 2 + extended + (second < 0 ? Integer.BYTES : 0);
    }

    /** Reads a header that is complete, and moves the position behind it. */
    private void beginFrame(ByteBuffer header) {
        int start = header.position();
        int first = header.get(start);
        int second = header.get(start + 1);
        boolean masked = (second & MASK) != 0;
        if (masked != expectsMask) {
            throw violation("5.1", masked ? "a server's frame is masked" : "a client's frame is not masked");
        }
        Opcode opcode = Opcode.of(first);
        if (opcode == null) {
            throw violation("5.2", "reserved opcode " + (first & 0xF));
        }
        int next = start + 2;
        long length = second & 0x7F;
        if (length == LENGTH_16) {
            length = (short) SHORTS.get(header, next) & 0xFFFF;
            next += Short.BYTES;
            requireShortestForm(length >= LENGTH_16);
        } else if (length == LENGTH_64) {
            length = (long) LONGS.get(header, next);
            next += Long.BYTES;
            if (length < 0) {
                // RFC 6455 5.2: the most significant bit MUST be 0.
                throw violation("5.2", "a 64-bit length has its top bit set");
            }
            requireShortestForm(length > 0xFFFF);
        }
        if (masked) {
            maskingKey = (int) INTS.get(header, next);
            next += Integer.BYTES;
        }
        nextKey = maskingKey;
        header.position(next);
        payloadLeft = length;
        unmasked = 0;
        inControlFrame = opcode.isControl();
        inPayload = true;
        sink.onFrame(opcode, (first & FIN) != 0, first >> 4 & 7, length);
    }

    private static void requireShortestForm(boolean shortest) {
        if (!shortest) {
            // RFC 6455 5.2: the minimal number of bytes MUST be used to encode the length.
            throw violation("5.2", "a length is not in its shortest form");
        }
    }

    /** Whether to go on: false if bytes or demand are short. */
    private boolean parsePayload(ByteBuffer in) {
        if (!inControlFrame && !demand.isOpen()) {
            return false;
        }
        if (payloadLeft > 0 && !deliver(in)) {
            return false;
        }
        if (payloadLeft == 0 && !stopped) {
            inPayload = false;
            sink.onFrameEnd();
        }
        return true;
    }

    private boolean deliver(ByteBuffer in) {
        int start = in.position();
        int limit = in.limit();
        if (start == limit) {
            return false;
        }
        int size = (int) Math.min(limit - start, payloadLeft);
        in.limit(start + size);
        try {
            if (unmasked == 0) {
                sink.onMasked(in, nextKey);
            } else {
                Masking.apply(in, start + unmasked, start + size, Masking.rotate(nextKey, unmasked));
                sink.onPayload(in);
            }
        } finally {
            in.limit(limit);
        }
        int consumed = in.position() - start;
        payloadLeft -= consumed;
        nextKey = Masking.rotate(nextKey, consumed);
        unmasked = size - consumed;
        return unmasked == 0;
    }

    private static ProtocolViolation violation(String section, String what) {
        return new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, section, what);
    }
}
