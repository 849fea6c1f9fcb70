// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.Delivery;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.EngineSink;
import io.hawser.protocol.engine.Outbound;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.engine.ProtocolEngine;
import io.hawser.protocol.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sending by Hawser's engine, as a server's to as many clients, or without compression. */
final class EngineDeflation implements CompressionWays.Way, Outbound, EngineSink {
    private static final List<Extension> OFFER = List.of(new Extension(PermessageDeflate.NAME, List.of()));

    private final Memory memory = new Memory(64 << 20);
    private final List<ProtocolEngine> engines = new ArrayList<>();
    private final long[] sent = new long[CompressionWays.CONNECTIONS];
    private final ByteBuffer out = ByteBuffer.allocate(1 << 17);

    /** Engines that compress every message at a level; none at level 0. */
    EngineDeflation(int level, boolean context) {
        EngineSettings settings = EngineSettings.DEFAULT;
        if (level > 0) {
            Policy policy = new Policy(level, 0, (opcode, payload) -> true, context, false, 15, 15);
            settings = settings.withDeflate(PermessageDeflate.accept(OFFER, policy, memory).orElseThrow());
        }
        for (int i = 0; i < CompressionWays.CONNECTIONS; i++) {
            engines.add(new ProtocolEngine(
                    Role.SERVER, settings, new Delivery.Messages((opcode, fin, payload) -> {}), this, this, () -> 0, 0, null));
        }
    }

    @Override
    public int next(int connection, byte[] message) {
        out.clear();
        engines.get(connection).send(Opcode.TEXT, ByteBuffer.wrap(message), null);
        sent[connection] += out.position();
        engines.get(connection).onAccepted(sent[connection], 0);
        return out.position();
    }

    @Override
    public void close() {
        engines.forEach(engine -> engine.transportClosed("over", 0));
        memory.close();
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return out;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void end() {}

    @Override
    public void cut() {}

    @Override
    public void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation) {}
}
