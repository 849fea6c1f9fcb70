// SPDX-License-Identifier: Apache-2.0

package io.hawser.fuzz;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.Delivery;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.Outbound;
import io.hawser.protocol.engine.ProtocolEngine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** An engine that has all the demand there is, over a transport that takes everything; writes down what it tells. */
final class FuzzedEngine implements EngineSink, Outbound, AutoCloseable {
    final ProtocolEngine engine;
    private final long limit;
    private final List<String> told = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private @Nullable ByteBuffer reserved;
    private int accepted;
    private boolean closed;

    FuzzedEngine(Role role, EngineSettings settings) {
        this.limit = settings.limits().messageBytes();
        this.engine = new ProtocolEngine(role, settings, new Delivery.Messages(this::onData), this, this, () -> 0x37FA213D, 0, null);
        engine.openStages();
        engine.request(Long.MAX_VALUE);
    }

    /** Offers bytes in pieces of a length, the last one what is left. */
    void receive(byte[] bytes, int pieceLength) {
        for (int from = 0; from < bytes.length; from += pieceLength) {
            // A copy, since the engine unmasks in place.
            engine.receive(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, Math.min(from + pieceLength, bytes.length))), 0);
        }
    }

    /** What was sent since this was last asked; the transport accepts it. */
    byte[] sent() {
        collect();
        byte[] since = sent.toByteArray();
        sent.reset();
        accepted += since.length;
        engine.onAccepted(accepted, 0);
        return since;
    }

    /** Messages by kind, length and checksum, and how the connection was closed. */
    List<String> told() {
        return told;
    }

    /** How a message is told. */
    static String message(Opcode opcode, byte[] payload) {
        CRC32 sum = new CRC32();
        sum.update(payload);
        return opcode + " of " + payload.length + ", " + Long.toHexString(sum.getValue());
    }

    private void onData(Opcode opcode, boolean fin, byte[] payload) {
        require(!closed, "data behind the end");
        require(payload.length <= limit, payload.length + " bytes, more than " + limit);
        told.add(message(opcode, payload));
    }

    @Override
    public void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation) {
        require(!closed, "closed twice");
        closed = true;
        told.add("closed " + status.code());
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        collect();
        ByteBuffer room = ByteBuffer.allocate(bytes);
        reserved = room;
        return room;
    }

    private void collect() {
        ByteBuffer filled = reserved;
        if (filled != null) {
            require(!filled.hasRemaining(), "not all that was reserved was written");
            byte[] written = new byte[filled.position()];
            filled.get(0, written);
            sent.writeBytes(written);
            reserved = null;
        }
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void end() {}

    @Override
    public void cut() {}

    /** The transport ends. */
    @Override
    public void close() {
        engine.transportClosed("the input has ended", 0);
        require(closed, "not closed at the end");
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new AssertionError(otherwise);
        }
    }
}
