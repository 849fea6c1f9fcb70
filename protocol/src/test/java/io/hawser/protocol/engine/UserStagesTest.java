// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Limits;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.Role;
import io.hawser.protocol.StageContext;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.ProbeHost;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("F12")
class UserStagesTest {
    private static final EngineSettings SETTINGS = EngineSettings.DEFAULT.withKeepAlive(Duration.ZERO, Duration.ofSeconds(1));
    private static final EngineSettings ENDLESS =
            SETTINGS.withLimits(Limits.DEFAULT.withMessageBytes(Long.MAX_VALUE).withFrameBytes(Long.MAX_VALUE));

    /** Each data frame twice, a ping as data. */
    private static final FrameStage TWICE = FrameStage.incoming((frame, stage) -> switch (frame.opcode()) {
        case PING -> List.of(Frame.binary(new byte[] {1}));
        case PONG -> List.of(frame);
        default -> List.of(frame, frame);
    });

    /** Passes what comes and leaves. */
    private static final FrameStage PASS = stage -> new FrameStage.Frames() {};

    private static final FrameStage PASS_CHUNKS = stage -> new FrameStage.Chunks() {};

    private static EngineProbe probe(ProbeHost host) {
        return new EngineProbe(Role.SERVER, SETTINGS, Pieces.MESSAGES, host);
    }

    private static byte[] to(int first, String payload) {
        return Wire.to(Role.SERVER, first, payload);
    }

    private static byte[] text(String payload) {
        return to(Wire.FIN | Wire.TEXT, payload);
    }

    @ParameterizedTest
    @EnumSource
    void keepInOrderWhatNobodyAskedFor(Pieces pieces) {
        EngineProbe probe = new EngineProbe(Role.SERVER, SETTINGS, pieces, new ProbeHost(TWICE));
        probe.receive(text("a"), to(Wire.FIN | Wire.PONG, "p"), to(Wire.FIN | Wire.TEXT, ""), Wire.closeTo(Role.SERVER, 1000, ""));
        assertThat(probe.engine.isHeldBack()).isTrue();
        probe.request(1);
        assertThat(probe.told()).containsExactly(EngineProbe.text("a"));
        probe.request(1);
        assertThat(probe.told()).containsExactly(EngineProbe.text("a"), "pong 70");
        assertThat(probe.engine.isHeldBack()).isTrue();
        probe.request(1);
        assertThat(probe.told()).containsExactly(EngineProbe.text(""));
        probe.request(1);
        assertThat(probe.told()).containsExactly(EngineProbe.text(""), EngineProbe.closed(1000, false, true));
        assertThat(probe.engine.isHeldBack()).isFalse();
    }

    @Test
    void goOnWhenDemandComesWhileTheyDeliver() {
        EngineProbe probe = probe(new ProbeHost(TWICE, TWICE));
        probe.onTold(event -> probe.engine.request(3)).request(1).receive(text("a"), text("b"));
        assertThat(probe.told()).hasSize(8);
        assertThat(probe.engine.isHeldBack()).isFalse();
    }

    @Test
    void dropWhatIsKeptWhenTheConnectionEnds() {
        EngineProbe probe = probe(new ProbeHost(TWICE));
        probe.onTold(event -> probe.engine.fail(CloseStatus.of(1008), probe.now())).request(1).receive(text("a"));
        assertThat(probe.told()).containsExactly(EngineProbe.text("a"), EngineProbe.closed(1008, true, false));
        assertThat(probe.engine.isHeldBack()).isFalse();
    }

    @Test
    void holdAPingThatBecameData() {
        EngineProbe probe = probe(new ProbeHost(TWICE));
        probe.receive(to(Wire.FIN | Wire.PING, "p"), text("a"));
        assertThat(probe.told()).isEmpty();
        probe.requestAll();
        assertThat(probe.told()).containsExactly(EngineProbe.binary(new byte[] {1}), EngineProbe.text("a"), EngineProbe.text("a"));
        assertThat(probe.sent()).isEmpty();
    }

    @Test
    @Tag("F13")
    void seeFragmentsIfTheyWant() {
        List<Frame> seen = new ArrayList<>();
        ProbeHost host = new ProbeHost(FrameStage.incoming((frame, stage) -> {
            seen.add(frame);
            return List.of(frame);
        }));
        host.rawFragments = true;
        EngineProbe probe = probe(host).requestAll().receive(to(Wire.TEXT, "a"), to(Wire.FIN, "b"));
        assertThat(probe.told()).containsExactly(EngineProbe.text("ab"));
        assertThat(seen).containsExactly(
                Frame.wrap(Opcode.TEXT, false, new byte[] {'a'}).withMaskingKey(Wire.KEY),
                Frame.wrap(Opcode.CONTINUATION, true, new byte[] {'b'}).withMaskingKey(Wire.KEY));
    }

    @Test
    void keepTheMaskingKeyOfWhatTheyPass() {
        for (ProbeHost host : new ProbeHost[] {new ProbeHost(PASS), null}) {
            List<OptionalInt> keys = new ArrayList<>();
            EngineProbe probe = new EngineProbe(Role.SERVER, SETTINGS, Pieces.MESSAGES, host).requestAll();
            probe.onTold(event -> keys.add(probe.engine.maskingKey())).receive(text("a"), to(Wire.FIN | Wire.PING, "p"));
            assertThat(keys).containsExactly(OptionalInt.of(Wire.KEY), OptionalInt.of(Wire.KEY));
        }
    }

    @Test
    void seeCutWhatIsTooLongToHold() {
        List<String> seen = new ArrayList<>();
        ProbeHost host = new ProbeHost(FrameStage.incoming((frame, stage) -> {
            seen.add(frame.toString());
            return List.of(frame);
        }));
        EngineProbe probe = new EngineProbe(Role.CLIENT, ENDLESS, Pieces.CHUNKS, host).requestAll();
        probe.receive(Wire.headerTo(Role.CLIENT, Wire.FIN | Wire.BINARY, 1L << 40), new byte[FrameCutter.PIECE_BYTES + 10]);
        assertThat(seen).containsExactly("BINARY (more follows), 65536 bytes");
        probe.receive(new byte[2 * FrameCutter.PIECE_BYTES]);
        assertThat(seen).hasSize(3).last().isEqualTo("CONTINUATION (more follows), 65536 bytes");
        EngineProbe brief = new EngineProbe(Role.CLIENT, ENDLESS, Pieces.CHUNKS, host).requestAll();
        brief.receive(Wire.unmasked(Wire.FIN | Wire.BINARY, new byte[FrameCutter.PIECE_BYTES + 1]), Wire.unmasked(Wire.BINARY, new byte[1]));
        assertThat(seen.subList(3, 6)).containsExactly(
                "BINARY (more follows), 65536 bytes", "CONTINUATION, 1 bytes", "BINARY (more follows), 1 bytes");
    }

    @Test
    void closeOnAMessageThatStandsStillInFrontOfThem() {
        EngineProbe probe = new EngineProbe(Role.SERVER, SETTINGS, Pieces.CHUNKS, new ProbeHost(PASS)).requestAll();
        probe.receive(to(Wire.TEXT, "a"));
        probe.pass(Duration.ofSeconds(29));
        probe.receive(to(0, "b"));
        probe.pass(Duration.ofSeconds(29));
        assertThat(probe.told()).isEmpty();
        probe.pass(Duration.ofSeconds(2));
        assertThat(probe.status().code()).isEqualTo(1008);
    }

    @Test
    void leaveTheRestOfAChunkToTheEngine() {
        EngineProbe probe = new EngineProbe(Role.SERVER, SETTINGS, Pieces.CHUNKS, new ProbeHost(PASS_CHUNKS, PASS, PASS_CHUNKS));
        probe.takesOfChunk(remaining -> Math.min(2, remaining)).receive(text("abc"), to(Wire.FIN | Wire.PING, "p"));
        probe.request(1);
        assertThat(probe.told()).isEmpty();
        probe.request(1);
        assertThat(probe.told()).containsExactly(EngineProbe.text("abc"), "ping 70");
        assertThat(probe.sent()).containsExactly("PONG fin 70");
    }

    @Test
    void dropAndDoubleWhatLeaves() {
        List<Boolean> done = new ArrayList<>();
        EngineProbe probe = probe(new ProbeHost(PASS_CHUNKS, FrameStage.outgoing((frame, stage) -> switch (frame.text()) {
            case "drop" -> List.of();
            case "double" -> List.of(frame, frame);
            default -> List.of(frame);
        })));
        probe.engine.send(Frame.text("drop"), done::add);
        assertThat(done).containsExactly(true);
        probe.engine.send(Frame.text("drop"), null);
        probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8("double")), done::add);
        probe.engine.send(Frame.pong(Wire.utf8("mine")), null);
        probe.acceptAll();
        assertThat(done).containsExactly(true, true);
        String twice = EngineProbe.text("double");
        assertThat(probe.sent()).containsExactly(twice, twice, "PONG fin 6d 69 6e 65");
        probe.engine.close(CloseStatus.of(1000), probe.now());
        probe.engine.send(Frame.text("drop"), done::add);
        assertThat(done).containsExactly(true, true, false);
    }

    @Test
    void failWhenTheyThrowOrGiveOutWhatIsNotLegal() {
        Frame notUtf8 = Frame.wrap(Opcode.TEXT, true, new byte[] {-1});
        List<FrameStage> faulty = List.of(
                FrameStage.incoming((frame, stage) -> List.of(notUtf8)),
                FrameStage.incoming((frame, stage) -> List.of(Frame.close(CloseStatus.of(1000)))),
                FrameStage.incoming((frame, stage) -> {
                    stage.send(Frame.close(CloseStatus.of(1000)));
                    return List.of();
                }),
                stage -> new Breaking(stage, 0),
                stage -> new Breaking(stage, 1),
                stage -> new Breaking(stage, 2));
        for (FrameStage stage : faulty) {
            ProbeHost host = new ProbeHost(PASS, stage);
            EngineProbe probe = probe(host).requestAll().receive(text("a"), text("b"));
            assertThat(probe.told()).containsExactly(EngineProbe.closed(1011, true, false));
            assertThat(host.told).singleElement().asString().startsWith("1 failed: ");
        }
        ProbeHost host = new ProbeHost(FrameStage.outgoing((frame, stage) -> List.of(notUtf8)));
        List<Boolean> done = new ArrayList<>();
        EngineProbe probe = probe(host);
        probe.engine.send(Frame.text("a"), done::add);
        assertThat(done).containsExactly(false);
        assertThat(probe.told()).containsExactly(EngineProbe.closed(1011, true, false));
    }

    /** Breaks at the head, the payload or the end of a frame. */
    private record Breaking(StageContext stage, int where) implements FrameStage.Chunks {
        @Override
        public FrameSink incoming(FrameSink next) {
            return new FrameSink() {
                @Override
                public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
                    breakAt(0);
                }

                @Override
                public void onPayload(ByteBuffer chunk) {
                    breakAt(1);
                }

                @Override
                public void onFrameEnd() {
                    breakAt(2);
                }
            };
        }

        private void breakAt(int here) {
            if (here == where) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    @Test
    void findFaultsOfThePeer() {
        FrameStage strict = stage -> new FrameStage.Chunks() {
            @Override
            public FrameSink incoming(FrameSink next) {
                throw new ProtocolViolation(1008, "10", "thrown where none is expected");
            }
        };
        FrameStage limit = stage -> new FrameStage.Chunks() {
            @Override
            public FrameSink incoming(FrameSink next) {
                return new FrameSink() {
                    @Override
                    public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
                        throw new ProtocolViolation(1008, "10", "no frames on Sundays");
                    }

                    @Override
                    public void onPayload(ByteBuffer chunk) {}

                    @Override
                    public void onFrameEnd() {}
                };
            }
        };
        assertThat(probe(new ProbeHost(limit)).requestAll().receive(text("a")).status().code()).isEqualTo(1008);
        assertThat(probe(new ProbeHost(strict)).status().code()).isEqualTo(1011);
    }

    @Test
    void doWhatTheContextOffers() {
        List<StageContext> contexts = new ArrayList<>();
        ProbeHost host = new ProbeHost(FrameStage.outgoing((frame, stage) -> List.of(Frame.text("<" + frame.text()))), stage -> {
            contexts.add(stage);
            stage.send(Frame.text("first"));
            return new FrameStage.Frames() {};
        });
        EngineProbe probe = probe(host);
        StageContext stage = contexts.get(0);
        probe.outbound.takes(0);
        assertThat(stage.nanoTime()).isEqualTo(host.nanoTime());
        stage.roundTrip(Duration.ofMillis(3));
        stage.schedule(Duration.ofSeconds(1), () -> stage.fail(CloseStatus.of(4000)));
        stage.schedule(Duration.ofSeconds(1), () -> {}).run();
        assertThat(host.timers()).isEqualTo(1);
        host.runTimer();
        assertThat(probe.told()).containsExactly(EngineProbe.closed(4000, true, false));
        assertThat(host.told).containsExactly("round trip PT0.003S");
        assertThat(probe.sent()).startsWith(EngineProbe.text("<first"));
    }

    @Test
    void giveOutChunksAtAnotherTime() {
        List<FrameSink> sinks = new ArrayList<>();
        EngineProbe probe = probe(new ProbeHost(PASS, stage -> new FrameStage.Chunks() {
            @Override
            public FrameSink outgoing(FrameSink next) {
                sinks.add(next);
                return next;
            }
        }));
        FrameSink out = sinks.get(0);
        out.onFrame(Opcode.BINARY, true, 4, -1);
        out.onPayload(ByteBuffer.wrap(new byte[] {1}));
        out.onPayload(ByteBuffer.wrap(new byte[] {2}));
        out.onFrameEnd();
        assertThat(probe.sent()).containsExactly("rsv 4 " + EngineProbe.binary(new byte[] {1, 2}));
    }

    @Test
    @Tag("K1")
    @Tag("K4")
    void pingAndPong() {
        ProbeHost host = new ProbeHost(FrameStage.autoPing(Duration.ofSeconds(1)), FrameStage.autoPong());
        EngineProbe probe = new EngineProbe(Role.SERVER, SETTINGS.withAutoPong(false), Pieces.MESSAGES, host).requestAll();
        probe.receive(to(Wire.FIN | Wire.PING, "p"));
        assertThat(probe.sent()).containsExactly("PONG fin 70");
        host.runTimer();
        host.runTimer();
        byte[] second = {'a', 'u', 't', 'o', 0, 0, 0, 0, 0, 0, 0, 2};
        assertThat(probe.sent()).hasSize(3).last().isEqualTo(EngineProbe.data(Wire.PING, true, second));
        host.pass(Duration.ofMillis(7));
        probe.receive(Wire.to(Role.SERVER, Wire.FIN | Wire.PONG, second), to(Wire.FIN | Wire.PONG, "other"), text("a"));
        probe.receive(Wire.to(Role.SERVER, Wire.FIN | Wire.PONG, second));
        assertThat(host.told).containsExactly("round trip PT0.007S");
        assertThat(probe.told()).containsExactly(
                "ping 70", "pong 6f 74 68 65 72", EngineProbe.text("a"), EngineProbe.data(Wire.PONG, true, second).replace("PONG fin", "pong"));
        for (int i = 0; i < 300; i++) {
            host.runTimer();
        }
        assertThat(host.timers()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> FrameStage.autoPing(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> FrameStage.autoPing(Duration.ofNanos(-1), () -> second));
    }

    @Test
    @Tag("M4")
    void seeTheFragmentsOfASetSize() {
        List<String> seen = new ArrayList<>();
        ProbeHost host = new ProbeHost(FrameStage.outgoing((frame, stage) -> {
            seen.add(frame.toString());
            return List.of(frame);
        }));
        EngineProbe probe = new EngineProbe(Role.SERVER, SETTINGS.withFragmentBytes(2), Pieces.MESSAGES, host);
        probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8("-abcde"), 1, 5), null);
        assertThat(probe.sent()).containsExactly("TEXT more 61 62", "CONTINUATION more 63 64", "CONTINUATION fin 65");
        assertThat(seen).hasSize(3);
        EngineProbe without = new EngineProbe(Role.CLIENT, SETTINGS.withFragmentBytes(2), Pieces.MESSAGES);
        without.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8("abcd")), null);
        without.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8("ef")), null);
        assertThat(without.sent()).containsExactly("TEXT more 61 62", "CONTINUATION fin 63 64", "TEXT fin 65 66");
    }

    @Test
    @Tag("K3")
    @Tag("K5")
    void sendPongsAtAnInterval() {
        EngineSettings pongs = EngineSettings.DEFAULT
                .withKeepAlive(Duration.ofSeconds(25), Duration.ofSeconds(1))
                .withKeepAliveFrames(true, () -> Wire.utf8("p"));
        EngineProbe probe = new EngineProbe(Role.SERVER, pongs, Pieces.MESSAGES);
        probe.pass(Duration.ofSeconds(25));
        probe.acceptAll().pass(Duration.ofSeconds(34));
        assertThat(probe.sent()).containsExactly("PONG fin 70", "PONG fin 70");
        probe.pass(Duration.ofSeconds(1));
        assertThat(probe.sent()).hasSize(3).last().asString().startsWith("CLOSE fin 03 e9");
        EngineProbe off = new EngineProbe(
                Role.SERVER, pongs.withKeepAlive(Duration.ZERO, Duration.ofSeconds(1)), Pieces.MESSAGES);
        off.pass(Duration.ofSeconds(59));
        assertThat(off.sent()).isEmpty();
    }

    @Test
    @Tag("K3")
    void pingWithBodiesOfTheCallers() {
        EngineProbe probe = new EngineProbe(
                Role.SERVER, EngineSettings.DEFAULT.withKeepAliveFrames(false, () -> Wire.utf8("b")), Pieces.MESSAGES);
        probe.pass(Duration.ofSeconds(20));
        assertThat(probe.sent()).containsExactly("PING fin 62");
    }
}
