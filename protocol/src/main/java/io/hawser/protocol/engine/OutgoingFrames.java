// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.SendCallback;
import io.hawser.protocol.deflate.Deflation;
import io.hawser.protocol.deflate.Inflation;
import io.hawser.protocol.stage.ControlOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What leaves, in order: frames are encoded at once while the transport takes them and queue otherwise. Control frames go before
 * the next data frame; a large data frame is encoded piece by piece, as the transport takes it, and cut into fragments while
 * another frame waits. Behind the close frame nothing follows.
 */
final class OutgoingFrames implements ControlOutput {
    static final int PIECE_BYTES = 64 << 10;

    private final FrameEncoder encoder;
    private final Outbound outbound;
    /** Deflates messages; null if that was not agreed on. */
    private final @Nullable Deflation deflation;
    /** Whether the message that is being encoded is deflated. */
    private boolean deflating;

    private final ArrayDeque<DataFrame> data = new ArrayDeque<>(0);
    private final ArrayDeque<ControlFrame> controls = new ArrayDeque<>(0);
    private byte @Nullable [] answer;
    private @Nullable ControlFrame close;
    private boolean refusing;
    private boolean ended;

    /** Callbacks of encoded frames, in the order of the byte at which each ends. */
    private final ArrayDeque<Encoded> awaitingAcceptance = new ArrayDeque<>(0);

    private long queuedBytes;
    private long acceptedBytes;

    OutgoingFrames(Role role, MaskingKeys keys, Outbound outbound, @Nullable PermessageDeflate deflate) {
        this.deflation = deflate == null ? null : deflate.deflation();
        this.encoder = new FrameEncoder(role, keys, outbound);
        this.outbound = outbound;
    }

    /** Bytes of payload that are queued, and of frames that are encoded but not accepted by the transport. */
    long waitingBytes() {
        return ended ? 0 : queuedBytes + encoder.bytes() - acceptedBytes;
    }

    /** Whether anything waits for the transport, be it an empty frame. */
    boolean isWaiting() {
        return waitingBytes() > 0 || !isDrained();
    }

    /** Whether someone is to be told when the transport accepts what is encoded, or more is to be encoded then. */
    boolean awaitsAcceptance() {
        return !awaitingAcceptance.isEmpty() || !isDrained();
    }

    /** Whether data is refused, since a close frame is queued or the connection has ended. */
    boolean isClosed() {
        return refusing;
    }

    /** Whether nothing is queued, so that all that was to be said is encoded. */
    boolean isDrained() {
        return data.isEmpty() && controls.isEmpty() && answer == null && close == null;
    }

    /** Takes nothing more; what is queued still leaves. */
    void refuse() {
        refusing = true;
        releaseAtEnd();
    }

    /** A whole message that others are sent as well. */
    void shared(PermessageDeflate.Shared message, @Nullable SendCallback callback) {
        Deflation how = deflation;
        if (how == null || isClosed() || !message.isFor(how)) {
            data(message.opcode(), true, 0, OptionalInt.empty(), message.payload(), callback);
            return;
        }
        Optional<ByteBuffer> deflated = message.deflated(how);
        DataFrame frame = new DataFrame(
                message.opcode(), true, deflated.isPresent() ? Inflation.RSV1 : 0, OptionalInt.empty(), deflated.orElseGet(message::payload), callback);
        frame.isAsItIs = true;
        enqueue(frame);
    }

    /** Queues or encodes a data frame whose buffer must stay as it is until the callback. */
    void data(
            Opcode opcode,
            boolean fin,
            int rsv,
            OptionalInt maskingKey,
            ByteBuffer payload,
            @Nullable SendCallback callback) {
        if (isClosed()) {
            done(callback, false);
        } else if (payload.remaining() <= Deflation.PART_BYTES && isDrained() && outbound.isWritable()) {
            try {
                encode(opcode, fin, rsv, maskingKey, payload);
            } catch (Throwable failure) {
                breakOff();
                throw failure;
            }
            await(callback);
        } else {
            enqueue(new DataFrame(opcode, fin, rsv, maskingKey, payload, callback));
        }
    }

    private void encode(Opcode opcode, boolean fin, int rsv, OptionalInt maskingKey, ByteBuffer payload) {
        if (deflates(opcode, fin, rsv, payload, false)) {
            writeDeflated(opcode, fin, rsv, maskingKey, payload);
        } else {
            encoder.frame(opcode, fin, rsv, maskingKey, payload, payload.position(), payload.remaining());
        }
    }

    private void enqueue(DataFrame frame) {
        data.addLast(frame);
        queuedBytes += frame.payload.remaining();
        flush();
    }

    @Override
    public void control(Frame frame, @Nullable SendCallback callback) {
        if (isClosed()) {
            done(callback, false);
        } else {
            if (deflation != null) {
                deflation.relieve(); // pings keep idle connections alive
            }
            controls.addLast(new ControlFrame(frame, callback));
            flush();
        }
    }

    @Override
    public void answer(byte[] payload) {
        if (!isClosed()) {
            // RFC 6455 5.5.3: may elect to send a Pong frame for only the most recently processed Ping.
            answer = payload;
            flush();
        }
    }

    @Override
    public void close(CloseStatus status, SendCallback callback) {
        refusing = true;
        close = new ControlFrame(Frame.wrap(Opcode.CLOSE, true, status.toPayload().array()), callback);
        flush();
    }

    /** Encodes what is queued, as far as the transport takes it. */
    void flush() {
        try {
            encodeQueued();
        } catch (Throwable failure) {
            breakOff();
            throw failure;
        }
    }

    /** Something could not be encoded, perhaps as the application could not say whether to deflate it: behind a part of it no data may follow. */
    private void breakOff() {
        refusing = true;
        deflating = false;
        dropData();
    }

    private void encodeQueued() {
        while (!ended && outbound.isWritable()) {
            DataFrame open = data.peekFirst();
            if (open != null && open.inFrame) {
                continueFrame(open);
            } else if (!writeControlFrame()) {
                if (open != null) {
                    beginFrame(open);
                } else if (!writeClose()) {
                    releaseAtEnd();
                    return;
                }
            }
        }
    }

    /** The transport has accepted so many bytes in all. Returns whether these are more than before. */
    boolean onAccepted(long total) {
        boolean progress = total != acceptedBytes;
        acceptedBytes = total;
        while (!awaitingAcceptance.isEmpty() && awaitingAcceptance.getFirst().end - total <= 0) {
            done(awaitingAcceptance.removeFirst().callback, true);
        }
        return progress;
    }

    /** The connection has ended: whatever was not accepted never will be. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        while (!awaitingAcceptance.isEmpty()) {
            done(awaitingAcceptance.removeFirst().callback, false);
        }
        dropData();
        while (!controls.isEmpty()) {
            done(controls.removeFirst().callback, false);
        }
        answer = null;
        close = null;
    }

    private void dropData() {
        DataFrame open = data.peekFirst();
        boolean goesOn = !ended && open != null && open.inFrame; // whose length the peer knows
        if (open != null && goesOn) {
            data.removeFirst();
        }
        while (!data.isEmpty()) {
            DataFrame first = data.removeFirst();
            queuedBytes -= first.payload.limit() - first.offset;
            done(first.callback, false);
        }
        if (open != null && goesOn) {
            data.addFirst(open);
        }
        if (deflation != null) {
            deflation.stop();
        }
    }

    /** Nothing more will be deflated. */
    private void releaseAtEnd() {
        if (deflation != null && refusing && isDrained()) {
            deflation.stop();
        }
    }

    private boolean writeControlFrame() {
        ControlFrame first = controls.pollFirst();
        if (first != null) {
            writeControl(first);
            return true;
        }
        if (answer != null) {
            writeControl(new ControlFrame(Frame.wrap(Opcode.PONG, true, answer), null));
            answer = null;
            return true;
        }
        return false;
    }

    private boolean writeClose() {
        if (close == null) {
            return false;
        }
        writeControl(close);
        close = null;
        return true;
    }

    private void writeControl(ControlFrame control) {
        Frame frame = control.frame;
        encoder.frame(frame.opcode(), true, frame.rsv(), frame.maskingKey(), frame.payload(), 0, frame.length());
        await(control.callback);
    }

    private boolean anotherFrameWaits() {
        return data.size() > 1 || close != null;
    }

    private void beginFrame(DataFrame frame) {
        if (frame.offset == frame.payload.position()) {
            frame.deflated = deflates(frame.opcode, frame.fin, frame.rsv, frame.payload, frame.isAsItIs);
        }
        if (frame.deflated) {
            deflatePart(frame);
            return;
        }
        int left = frame.payload.limit() - frame.offset;
        boolean fragment = left > PIECE_BYTES && anotherFrameWaits();
        int length = fragment ? PIECE_BYTES : left;
        boolean fin = frame.fin && !fragment;
        if (length <= PIECE_BYTES) {
            encoder.frame(frame.opcode, fin, frame.rsv, frame.maskingKey, frame.payload, frame.offset, length);
            advance(frame, length);
        } else {
            frame.key = encoder.header(frame.opcode, fin, frame.rsv, frame.maskingKey, length);
            frame.inFrame = true;
        }
        // RFC 6455 5.4: what follows in the same message is a continuation.
        frame.opcode = Opcode.CONTINUATION;
        frame.rsv = 0;
    }

    private void deflatePart(DataFrame frame) {
        int left = frame.payload.limit() - frame.offset;
        int length = Math.min(left, Deflation.PART_BYTES);
        ByteBuffer part = frame.payload.slice(frame.offset, length);
        writeDeflated(frame.opcode, frame.fin && length == left, frame.rsv, frame.maskingKey, part);
        advance(frame, length);
        frame.opcode = Opcode.CONTINUATION;
        frame.rsv = 0;
    }

    /** Whether a frame that is about to be encoded is, or belongs to a message that is, deflated. */
    private boolean deflates(Opcode opcode, boolean fin, int rsv, ByteBuffer payload, boolean isAsItIs) {
        if (deflation == null) {
            return false;
        }
        if ((rsv & Inflation.RSV1) != 0) {
            deflation.forget(); // it was deflated elsewhere
            deflating = false;
        } else if (isAsItIs) {
            deflating = false;
        } else if (opcode != Opcode.CONTINUATION) {
            deflating = deflation.chooses(opcode, payload, fin) && deflation.begin();
        }
        return deflating;
    }

    private void writeDeflated(Opcode opcode, boolean fin, int rsv, OptionalInt maskingKey, ByteBuffer part) {
        Deflation how = Objects.requireNonNull(deflation);
        ByteBuffer deflated = how.deflate(part, fin);
        boolean first = opcode != Opcode.CONTINUATION;
        if (first && fin && deflated.remaining() >= part.remaining()) {
            how.abandon();
            encoder.frame(opcode, true, rsv, maskingKey, part, part.position(), part.remaining());
            return;
        }
        encoder.frame(opcode, fin, first ? rsv | Inflation.RSV1 : rsv, maskingKey, deflated, 0, deflated.limit());
        if (fin) {
            how.end(part);
        }
    }

    private void continueFrame(DataFrame frame) {
        int length = Math.min(frame.payload.limit() - frame.offset, PIECE_BYTES);
        frame.key = encoder.payload(frame.payload, frame.offset, length, frame.key);
        advance(frame, length);
    }

    private void advance(DataFrame frame, int bytes) {
        frame.offset += bytes;
        queuedBytes -= bytes;
        if (frame.offset == frame.payload.limit()) {
            data.removeFirst();
            await(frame.callback);
        }
    }

    private void await(@Nullable SendCallback callback) {
        if (callback != null) {
            awaitingAcceptance.addLast(new Encoded(encoder.bytes(), callback));
        }
    }

    private static void done(@Nullable SendCallback callback, boolean accepted) {
        if (callback != null) {
            callback.onDone(accepted);
        }
    }

    private record Encoded(long end, SendCallback callback) {}

    private record ControlFrame(Frame frame, @Nullable SendCallback callback) {}
}
