// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.PermessageDeflate.Memory;
import io.hawser.protocol.engine.PermessageDeflate.Policy;
import io.hawser.protocol.testing.Deflated;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression fails in the midst of a send: nothing but a close follows what has left. */
class DeflateFailureTest {
    private static final CloseStatus FAILED = CloseStatus.of(CloseStatus.INTERNAL_ERROR);

    private final Memory memory = new Memory(4 << 20);
    private final Policy policy = new Policy(1, 0, this::choose, true, true, 15, 15);
    private final EngineProbe server =
            new EngineProbe(Role.SERVER, Deflated.server(policy, memory), Pieces.MESSAGES).requestAll();
    private final List<Boolean> results = new ArrayList<>();

    private boolean choose(Opcode opcode, ByteBuffer payload) {
        if (payload.get(payload.position()) == 'x') {
            throw new IllegalStateException("cannot say");
        }
        return true;
    }

    @AfterEach
    void nothingIsLeft() {
        server.engine.abort("over", server.now());
        memory.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private static ByteBuffer message(char first, int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (i * 31 + i / 7);
        }
        message[0] = (byte) first;
        return ByteBuffer.wrap(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 40_000, 200_000})
    @Tag("L3")
    void closesBehindAChoiceThatFails(int length) {
        server.engine.send(Opcode.BINARY, message('a', 50), results::add);
        assertThatThrownBy(() -> server.engine.send(Opcode.BINARY, message('x', length), results::add)).hasMessage("cannot say");
        server.engine.send(Opcode.BINARY, message('a', 50), results::add);
        server.engine.fail(FAILED, server.now());
        server.acceptAll();
        assertThat(server.sent()).hasSize(2).last().asString().startsWith("CLOSE");
        assertThat(server.told()).containsExactly(EngineProbe.closed(1011, true, false));
        assertThat(results).contains(true, false);
        assertThat(server.engine.waitingBytes()).isZero();
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    void dropsWhatIsQueuedBehindAChoiceThatFails() {
        server.outbound.takes(0);
        server.engine.send(Opcode.BINARY, message('a', 50), results::add);
        server.engine.send(Opcode.BINARY, message('x', 50), results::add);
        server.engine.send(Opcode.BINARY, message('a', 50), results::add);
        server.outbound.takes(10);
        assertThatThrownBy(server::acceptAll).hasMessage("cannot say");
        assertThat(results).as("of those that will never leave").containsExactly(false, false);
        server.engine.fail(FAILED, server.now());
        server.acceptAll();
        assertThat(server.sent()).hasSize(2).last().asString().startsWith("CLOSE");
        assertThat(results).containsExactly(false, false, true);
        assertThat(server.outbound.isEnded()).isTrue();
    }

    /** Takes all but one piece. */
    private static final class Failing implements Outbound {
        private final OutOfMemoryError failure = new OutOfMemoryError("no room");
        private final int failing;
        private int reserved;
        private int bytes;

        Failing(int failing) {
            this.failing = failing;
        }

        @Override
        public ByteBuffer reserve(int size) {
            if (++reserved == failing) {
                throw failure;
            }
            bytes += size;
            return ByteBuffer.allocate(size);
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

    private OutgoingFrames frames(Failing outbound) {
        return new OutgoingFrames(Role.SERVER, () -> 0, outbound, Deflated.server(policy, memory).deflate());
    }

    @Test
    void sendsNoSecondHalfAfterAFailure() {
        Failing outbound = new Failing(2);
        OutgoingFrames frames = frames(outbound);
        assertThatThrownBy(() -> frames.data(Opcode.BINARY, true, 0, OptionalInt.empty(), message('a', 90_000), results::add))
                .isSameAs(outbound.failure);
        assertThat(results).containsExactly(false);
        assertThat(frames.isClosed()).isTrue();
        frames.flush();
        assertThat(outbound.reserved).as("nothing more is encoded").isEqualTo(2);
        frames.end();
    }

    /** Of a frame whose header has left the rest follows, as the peer would take all else for its payload. */
    @Test
    void endsTheFrameThatIsUnderWay() {
        Failing outbound = new Failing(3);
        OutgoingFrames frames = frames(outbound);
        assertThatThrownBy(() -> frames.data(Opcode.BINARY, true, 4, OptionalInt.empty(), message('a', 200_000), results::add))
                .isSameAs(outbound.failure);
        assertThat(results).isEmpty();
        frames.flush();
        assertThat(outbound.bytes).isEqualTo(10 + 200_000);
        frames.onAccepted(outbound.bytes);
        assertThat(results).containsExactly(true);
        frames.end();
    }

    @Test
    @Tag("L3")
    void takesNoMoreFragmentsThanAllowed() {
        EngineSettings settings = Deflated.server(Deflated.ALL, memory);
        EngineProbe few = new EngineProbe(Role.SERVER, settings.withLimits(settings.limits().withFragments(3)), Pieces.MESSAGES).requestAll();
        few.receive(Wire.to(Role.SERVER, Deflated.RSV1 | Wire.BINARY, new byte[0]));
        for (int i = 0; i < 3; i++) {
            assertThat(few.told()).isEmpty();
            few.receive(Wire.to(Role.SERVER, Wire.CONTINUATION, new byte[0]));
        }
        assertThat(few.told()).containsExactly(EngineProbe.closed(1008, true, false));
        few.engine.abort("over", few.now());
    }

    /** What many small parts come to counts, not what is left of them. */
    @Test
    @Tag("L3")
    void takesAsManyFragmentsAsIfTheyWerePlain() {
        Deflated.Pair pair = new Deflated.Pair(Deflated.ALL, Deflated.ALL, memory);
        byte[] part = "all the same, and so hardly anything to send; ".repeat(3).getBytes(StandardCharsets.US_ASCII);
        int parts = 6000;
        for (int i = 0; i < parts; i++) {
            Opcode opcode = i == 0 ? Opcode.TEXT : Opcode.CONTINUATION;
            pair.client.engine.send(Frame.of(opcode, i == parts - 1, ByteBuffer.wrap(part)), null);
        }
        pair.pass();
        assertThat(pair.server.told()).hasSize(1).first().asString().startsWith("TEXT fin " + parts * part.length + " bytes");
        pair.client.engine.abort("over", pair.client.now());
        pair.server.engine.abort("over", pair.server.now());
    }
}
