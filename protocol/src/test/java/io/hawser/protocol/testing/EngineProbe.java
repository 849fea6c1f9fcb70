// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.Delivery;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.ProtocolEngine;
import io.hawser.protocol.engine.StageHost;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An engine with all that surrounds it: keeps what the engine leaves, writes down what it tells, and sets its clock.
 */
public final class EngineProbe implements EngineSink {
    /** In which pieces data is delivered. */
    public enum Pieces {
        MESSAGES,
        FRAGMENTS,
        /** Told as whole frames, like FRAGMENTS. */
        CHUNKS
    }

    /** The instant at which probes begin; the clock wraps within the first minute. */
    public static final long START = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    public final ScriptedOutbound outbound = new ScriptedOutbound();
    public final ProtocolEngine engine;
    private final Role role;
    private final List<String> told = new ArrayList<>();
    private final List<Integer> chunks = new ArrayList<>();
    private Consumer<String> onTold = event -> {};
    private IntUnaryOperator chunkTaker = remaining -> remaining;
    private boolean caughtUp = true;
    private @Nullable ProtocolViolation violation;
    private CloseStatus status = CloseStatus.of(CloseStatus.NO_STATUS);
    private ByteBuffer left = ByteBuffer.allocate(0);
    private long now = START;

    public EngineProbe(Role role, EngineSettings settings, Pieces pieces) {
        this(role, settings, pieces, null);
    }

    public EngineProbe(Role role, EngineSettings settings, Pieces pieces, @Nullable StageHost host) {
        this.role = role;
        Delivery delivery = switch (pieces) {
            case MESSAGES -> new Delivery.Messages(this::tellData);
            case FRAGMENTS -> new Delivery.Fragments(this::tellData);
            case CHUNKS -> new Delivery.Chunks(new Chunks());
        };
        int[] keys = {Wire.KEY};
        this.engine = new ProtocolEngine(role, settings, delivery, this, outbound, () -> keys[0]++, now, host);
        engine.openStages();
    }

    /** An engine with the default settings that has all the demand there is. */
    public static EngineProbe open(Role role) {
        return new EngineProbe(role, EngineSettings.DEFAULT, Pieces.MESSAGES).requestAll();
    }

    // ---- what the test does

    /** Called with each event, behind which it is written down. */
    public EngineProbe onTold(Consumer<String> action) {
        onTold = action;
        return this;
    }

    /** How much of each chunk the sink takes. */
    public EngineProbe takesOfChunk(IntUnaryOperator taker) {
        chunkTaker = taker;
        return this;
    }

    public void setCaughtUp(boolean is) {
        caughtUp = is;
    }

    public EngineProbe requestAll() {
        return request(Long.MAX_VALUE);
    }

    /** Adds to the demand, and offers what was left. */
    public EngineProbe request(long pieces) {
        engine.request(pieces);
        if (engine.isHeldBack()) {
            engine.receive(left, now);
        }
        return this;
    }

    public EngineProbe receive(byte[]... parts) {
        receive(ByteBuffer.wrap(Wire.join(parts)));
        return this;
    }

    public void receive(List<ByteBuffer> buffers) {
        buffers.forEach(this::receive);
    }

    /** Offers what was left and what came; what is left again is kept. */
    public void receive(ByteBuffer arrived) {
        ByteBuffer in = arrived;
        if (left.hasRemaining()) {
            in = ByteBuffer.allocate(left.remaining() + arrived.remaining()).order(arrived.order());
            in.put(left).put(arrived).flip();
        }
        int limit = in.limit();
        engine.receive(in, now);
        require(in.limit() == limit, "the buffer's limit was moved");
        require(!in.hasRemaining() || engine.isHeldBack(), "bytes are left, but not held back");
        left = in;
    }

    public void receiveEnd() {
        engine.receiveEnd(now);
    }

    /** The transport accepts all that was written. */
    public EngineProbe acceptAll() {
        engine.onAccepted(outbound.size(), now);
        return this;
    }

    /** Time goes on, and the engine is woken at each deadline. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        long deadline = engine.deadlineNanos();
        while (deadline != ProtocolEngine.NEVER && deadline - end <= 0) {
            now = deadline - now > 0 ? deadline : now;
            engine.expire(now);
            long next = engine.deadlineNanos();
            require(next == ProtocolEngine.NEVER || next - now > 0, "the deadline stays in the past");
            deadline = next;
        }
        now = end;
    }

    public long now() {
        return now;
    }

    // ---- what the engine told

    /** What the engine told since this was last asked. */
    public List<String> told() {
        List<String> since = List.copyOf(told);
        told.clear();
        return since;
    }

    /** How large the chunks were that the sink was offered. */
    public List<Integer> chunks() {
        return chunks;
    }

    /** What the engine sent in all. */
    public List<String> sent() {
        return SentFrames.read(role, outbound.bytes());
    }

    public int left() {
        return left.remaining();
    }

    public @Nullable ProtocolViolation violation() {
        return violation;
    }

    /** The status that the connection was closed with. */
    public CloseStatus status() {
        return status;
    }

    public static String text(String text) {
        return data(Wire.TEXT, true, Wire.utf8(text));
    }

    public static String binary(byte[] payload) {
        return data(Wire.BINARY, true, payload);
    }

    /** How data is told: "TEXT fin 48 65", longer payloads by length and checksum. */
    public static String data(int opcode, boolean fin, byte[] payload) {
        String content = Hex.hex(payload);
        if (payload.length > 125) {
            CRC32 sum = new CRC32();
            sum.update(payload);
            content = payload.length + " bytes, CRC " + Long.toHexString(sum.getValue());
        }
        return (Opcode.of(opcode) + (fin ? " fin " : " more ") + content).strip();
    }

    /** How the end is told. */
    public static String closed(int code, boolean local, boolean clean) {
        return "closed " + code + (local ? " local" : " remote") + (clean ? " clean" : " unclean");
    }

    @Override
    public void onPing(byte[] payload) {
        tell("ping " + Hex.hex(payload));
    }

    @Override
    public void onPong(byte[] payload) {
        tell("pong " + Hex.hex(payload));
    }

    @Override
    public void onRoundTrip(long nanos) {
        tell("round trip of " + nanos + " ns");
    }

    @Override
    public boolean isCaughtUp() {
        return caughtUp;
    }

    @Override
    public void onClosed(CloseStatus how, boolean local, boolean clean, @Nullable ProtocolViolation fault) {
        violation = fault;
        status = how;
        tell(closed(how.code(), local, clean));
    }

    private void tellData(Opcode opcode, boolean fin, byte[] payload) {
        tell(data(opcode.code(), fin, payload));
    }

    private void tell(String event) {
        told.add(event);
        onTold.accept(event);
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new AssertionError(otherwise);
        }
    }

    private final class Chunks implements FrameSink {
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        private Opcode opcode = Opcode.PING;
        private boolean fin;
        private long length;

        @Override
        public void onFrame(Opcode frameOpcode, boolean frameFin, int rsv, long frameLength) {
            payload.reset();
            opcode = frameOpcode;
            fin = frameFin;
            length = frameLength;
            onTold.accept("frame of " + frameLength);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            chunks.add(chunk.remaining());
            byte[] taken = new byte[chunkTaker.applyAsInt(chunk.remaining())];
            chunk.get(taken);
            payload.writeBytes(taken);
            onTold.accept("chunk of " + taken.length);
        }

        @Override
        public void onFrameEnd() {
            require(length < 0 || payload.size() == length, "the chunks don't add up to the frame's length");
            tellData(opcode, fin, payload.toByteArray());
        }
    }
}
