// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.closed;
import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static io.hawser.protocol.testing.Wire.CLOSE;
import static io.hawser.protocol.testing.Wire.FIN;
import static io.hawser.protocol.testing.Wire.PING;
import static io.hawser.protocol.testing.Wire.PONG;
import static io.hawser.protocol.testing.Wire.TEXT;
import static io.hawser.protocol.testing.Wire.closeTo;
import static io.hawser.protocol.testing.Wire.join;
import static io.hawser.protocol.testing.Wire.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.EveryCut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls into the engine from what it calls. */
class ProtocolEngineReentrancyTest {
    private static final byte[] STREAM = join(
            to(Role.SERVER, FIN | TEXT, "a"), to(Role.SERVER, FIN | PING, "p"), to(Role.SERVER, FIN | TEXT, "b"),
            closeTo(Role.SERVER, 1000, ""));

    @Test
    void repliesInOrderWithControlFramesAndBeforeTheClose() {
        when("TEXT", probe -> probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("72")), null), probe -> {
            assertThat(probe.told()).containsExactly(text("a"), "ping 70", text("b"), closed(1000, false, true));
            assertThat(probe.sent()).containsExactly(text("r"), "PONG fin 70", text("r"), "CLOSE fin 03 e8");
        });
    }

    @Test
    void takesDataOnAfterItCloses() {
        when("TEXT fin 61", probe -> probe.engine.close(CloseStatus.of(4000), probe.now()), probe -> {
            assertThat(probe.told()).containsExactly(text("a"), "ping 70", text("b"), closed(4000, true, true));
            assertThat(probe.sent()).containsExactly("CLOSE fin 0f a0");
        });
    }

    @Test
    void dropsEverythingAfterItFails() {
        when("TEXT fin 61", probe -> probe.engine.fail(CloseStatus.of(1011), probe.now()), probe -> {
            assertThat(probe.told()).containsExactly(text("a"), closed(1011, true, false));
            assertThat(probe.sent()).containsExactly("CLOSE fin 03 f3");
            assertThat(probe.left()).isZero();
        });
    }

    @Test
    void dropsEverythingAfterItAborts() {
        when("ping", probe -> probe.engine.abort("no more", probe.now()), probe -> {
            assertThat(probe.told()).containsExactly(text("a"), "ping 70", closed(1006, false, false));
            assertThat(probe.outbound.isCut()).isTrue();
        });
    }

    @Test
    void addsDemandWhileDataIsDelivered() {
        EveryCut.of(STREAM, cut -> {
            EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
            probe.onTold(event -> probe.engine.request(1)).request(1);
            probe.receive(cut);
            assertThat(probe.told()).hasSize(4);
        });
    }

    @Test
    void hearsNothingFromAnythingInsideTheEnd() {
        when("closed", probe -> {
            List<Boolean> done = new ArrayList<>();
            probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("72")), done::add);
            probe.engine.close(CloseStatus.of(4000), probe.now());
            probe.engine.fail(CloseStatus.of(4000), probe.now());
            probe.engine.ping(hex(""), time -> done.add(true));
            probe.engine.caughtUp(probe.now());
            probe.engine.request(1);
            probe.engine.expire(probe.now());
            assertThat(done).containsExactly(false);
        }, probe -> {
            assertThat(probe.told()).hasSize(4).endsWith(closed(1000, false, true));
            assertThat(probe.sent()).containsExactly("PONG fin 70", "CLOSE fin 03 e8");
        });
    }

    @Test
    @Tag("F2")
    void stopsInsideAFrameWhoseChunksItDoesNotWant() {
        for (String when : List.of("frame of 5", "chunk of 0")) {
            byte[] stream = join(to(Role.SERVER, FIN | TEXT, "hello"), to(Role.SERVER, FIN | TEXT, "b"));
            EveryCut.of(stream, cut -> {
                EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.CHUNKS).requestAll();
                probe.takesOfChunk(remaining -> 0);
                probe.onTold(event -> {
                    if (event.equals(when)) {
                        probe.engine.fail(CloseStatus.of(1003), probe.now());
                    }
                });
                probe.receive(cut);
                assertThat(probe.told()).containsExactly(closed(1003, true, false));
                assertThat(probe.left()).isZero();
            });
        }
    }

    @Test
    void failsForAViolationThatASinkFinds() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.CHUNKS).requestAll();
        ProtocolViolation found = new ProtocolViolation(1003, "7.4.1", "no text");
        probe.onTold(event -> {
            if (event.startsWith("chunk")) {
                throw found;
            }
        });
        probe.receive(STREAM);
        assertThat(probe.told()).containsExactly(closed(1003, true, false));
        assertThat(probe.violation()).isSameAs(found);
    }

    @Test
    void forgetsAViolationOfASinkThatFailedAlready() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.CHUNKS).requestAll();
        probe.onTold(event -> {
            if (event.startsWith("chunk")) {
                probe.setCaughtUp(false);
                probe.engine.fail(CloseStatus.of(1011), probe.now());
                throw new ProtocolViolation(1003, "7.4.1", "no text");
            }
        });
        probe.receive(STREAM);
        assertThat(probe.told()).containsExactly(closed(1011, true, false));
        probe.acceptAll();
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    @Tag("K4")
    void endsFromThePongOfAPing() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.engine.ping(hex("01"), time -> probe.engine.fail(CloseStatus.of(1011), probe.now()));
        probe.receive(to(Role.SERVER, FIN | PONG, hex("01")), to(Role.SERVER, FIN | TEXT, "a"));
        assertThat(probe.told()).containsExactly(closed(1011, true, false));
    }

    @Test
    @Tag("hostile-42")
    void endsFromTheCallbackOfASend() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        List<String> done = new ArrayList<>();
        probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("61")), accepted -> {
            done.add("a " + accepted);
            probe.engine.abort("enough", probe.now());
        });
        probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("62")), accepted -> done.add("b " + accepted));
        probe.acceptAll();
        assertThat(done).containsExactly("a true", "b false");
        assertThat(probe.told()).containsExactly(closed(1006, false, false));
    }

    @Test
    void closesOnceWhenTheEndIsToldInsideAClose() {
        EngineProbe probe = EngineProbe.open(Role.CLIENT);
        probe.onTold(event -> probe.engine.receiveEnd(probe.now()));
        probe.receive(to(Role.CLIENT, FIN | CLOSE, ""));
        assertThat(probe.told()).containsExactly(closed(1005, false, true));
        assertThat(probe.outbound.isEnded()).isTrue();
    }

    /** Runs the stream in every cut, acting at each event that begins so. */
    private static void when(String event, Consumer<EngineProbe> action, Consumer<EngineProbe> check) {
        EveryCut.of(STREAM, cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.onTold(told -> {
                if (told.startsWith(event)) {
                    action.accept(probe);
                }
            });
            probe.receive(cut);
            check.accept(probe);
        });
    }
}
