// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.protocol.CloseStatus;
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
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an engine allocates for a message that inflates to a thousand times its length. */
class BombMemoryTest implements EngineSink, Outbound {
    private static final int LIMIT = 1 << 20;
    private static final int PARTS = 1 << 10;

    private final Memory memory = new Memory(1 << 20);
    private int closedWith;

    /** A mebibyte that inflates to a gibibyte: all that is allocated counts, given back or not. */
    @Tag("hostile-45")
    @Tag("L3")
    @Test
    void isLittleMoreThanTwiceTheLimit() {
        List<Extension> offer = List.of(new Extension(PermessageDeflate.NAME, List.of()));
        PermessageDeflate agreed = PermessageDeflate.accept(offer, Policy.DEFAULT, memory).orElseThrow();
        ProtocolEngine engine = new ProtocolEngine(
                Role.SERVER,
                EngineSettings.DEFAULT.withDeflate(agreed),
                new Delivery.Messages((opcode, fin, payload) -> {
                    throw new AssertionError("a message of " + payload.length);
                }),
                this,
                this,
                () -> 0,
                0,
                null);
        engine.request(Long.MAX_VALUE);
        ByteBuffer bomb = ByteBuffer.wrap(new RawFrame(true, 4, RawFrame.BINARY, bomb()).masked());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        engine.receive(bomb, 0);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(closedWith).isEqualTo(CloseStatus.TOO_BIG);
        assertThat(allocated).isBetween((long) LIMIT, 2L * LIMIT + LIMIT / 2);
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private static byte[] bomb() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[1 << 20]);
        byte[] part = new byte[1 << 16];
        part = Arrays.copyOf(part, deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH));
        deflater.end();
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < PARTS; i++) {
            bomb.writeBytes(part);
        }
        return bomb.toByteArray();
    }

    @Override
    public void onClosed(CloseStatus status, boolean local, boolean clean, ProtocolViolation violation) {
        closedWith = status.code();
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void end() {}

    @Override
    public void cut() {}
}
