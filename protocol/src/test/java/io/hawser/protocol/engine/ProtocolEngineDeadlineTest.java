// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.closed;
import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static io.hawser.protocol.testing.Wire.CONTINUATION;
import static io.hawser.protocol.testing.Wire.FIN;
import static io.hawser.protocol.testing.Wire.PING;
import static io.hawser.protocol.testing.Wire.PONG;
import static io.hawser.protocol.testing.Wire.TEXT;
import static io.hawser.protocol.testing.Wire.closeTo;
import static io.hawser.protocol.testing.Wire.headerTo;
import static io.hawser.protocol.testing.Wire.to;
import static io.hawser.protocol.testing.Wire.utf8;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deadlines on a clock whose numbers wrap while the tests run. */
class ProtocolEngineDeadlineTest {
    private static final EngineSettings SILENT =
            EngineSettings.DEFAULT.withKeepAlive(ZERO, ofSeconds(1)).withIdleTimeout(ZERO);
    private static final String FIRST_PING = "PING fin 00 00 00 00 00 00 00 01";
    private static final byte[] FIRST_PONG = to(Role.SERVER, FIN | PONG, hex("00 00 00 00 00 00 00 01"));

    // ---- keep-alive

    @ParameterizedTest
    @EnumSource
    @Tag("K3")
    @Tag("hostile-37")
    void cutsAPeerOffThatDoesNotAnswerAPing(Role role) {
        EngineProbe probe = EngineProbe.open(role);
        probe.pass(ofSeconds(20).minusNanos(1));
        assertThat(probe.sent()).isEmpty();
        probe.pass(ofNanos(1));
        assertThat(probe.sent()).containsExactly(FIRST_PING);
        probe.acceptAll();
        probe.pass(ofSeconds(20).minusNanos(1));
        assertThat(probe.told()).isEmpty();
        probe.pass(ofNanos(1));
        assertThat(probe.told()).containsExactly(closed(1006, false, false));
        assertThat(probe.status().reason()).isEqualTo("nothing came within PT20S of a ping");
        assertThat(probe.outbound.isCut()).isTrue();
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    @Tag("K3")
    void keepsAPeerThatAnswers() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.pass(ofSeconds(20));
        probe.acceptAll();
        probe.pass(ofSeconds(19));
        probe.receive(FIRST_PONG);
        probe.pass(ofSeconds(20).minusNanos(1));
        assertThat(probe.told()).isEmpty(); // the pong is the engine's own affair
        assertThat(probe.sent()).hasSize(1);
        probe.pass(ofNanos(1));
        assertThat(probe.sent()).hasSize(2);
    }

    @Test
    @Tag("K3")
    void takesAnyByteForASignOfLife() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        byte[] frame = to(Role.SERVER, FIN | TEXT, "0123456789");
        for (byte one : frame) {
            probe.receive(new byte[] {one});
            probe.pass(ofSeconds(19));
        }
        assertThat(probe.sent()).isEmpty();
        assertThat(probe.told()).hasSize(1);
    }

    @Test
    @Tag("K3")
    void countsFromTheMomentThatTheTransportAcceptedThePing() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.pass(ofSeconds(45)); // the ping, due after 20, waits in the transport
        probe.acceptAll();
        probe.pass(ofSeconds(20).minusNanos(1));
        assertThat(probe.told()).isEmpty();
        probe.pass(ofNanos(1));
        assertThat(probe.told()).containsExactly(closed(1006, false, false));
    }

    @Test
    @Tag("K3")
    void standsStillWhileDataIsHeldBack() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        probe.pass(ofSeconds(20));
        probe.acceptAll();
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"));
        probe.pass(ofHours(5));
        assertThat(probe.told()).isEmpty();
        assertThat(probe.sent()).hasSize(1);
        probe.request(1);
        probe.pass(ofSeconds(20).minusNanos(1));
        assertThat(probe.told()).containsExactly(text("a"));
        assertThat(probe.sent()).hasSize(1);
        probe.pass(ofNanos(1));
        assertThat(probe.sent()).hasSize(2);
    }

    @Test
    @Tag("K3")
    void ignoresATimerThatComesWhileDataIsHeldBack() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"));
        probe.engine.expire(probe.now() + ofHours(1).toNanos());
        assertThat(probe.sent()).isEmpty();
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    @Tag("K3")
    void isPutOffByHeldDataThatGoesOn() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"), to(Role.SERVER, FIN | TEXT, ""));
        probe.pass(ofSeconds(30));
        probe.request(1);
        assertThat(probe.engine.isHeldBack()).isTrue();
        probe.pass(ofSeconds(30));
        probe.request(1);
        assertThat(probe.engine.deadlineNanos() - probe.now()).isEqualTo(ofSeconds(20).toNanos());
    }

    // ---- idle

    @Test
    @Tag("K5")
    void closesAnIdleConnectionWhereKeepAliveIsOff() {
        EngineProbe probe = open(EngineSettings.DEFAULT.withKeepAlive(ZERO, ofSeconds(1)));
        probe.pass(ofSeconds(59));
        probe.receive(to(Role.SERVER, FIN | PING, ""));
        probe.acceptAll();
        probe.pass(ofSeconds(60).minusNanos(1));
        assertThat(probe.engine.isOpen()).isTrue();
        probe.pass(ofNanos(1));
        assertThat(probe.sent()).hasSize(2).last().isEqualTo("CLOSE fin 03 e9 69 64 6c 65"); // 1001 idle
        probe.receive(closeTo(Role.SERVER, 1001, ""));
        assertThat(probe.told()).containsExactly("ping ", closed(1001, true, true));
    }

    @Test
    @Tag("K5")
    void staysOpenForEverIfAsked() {
        EngineProbe probe = open(SILENT);
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
        probe.engine.expire(probe.now() + 1);
        probe.pass(ofHours(24));
        assertThat(probe.engine.isOpen()).isTrue();
    }

    // ---- unfinished messages

    @Test
    @Tag("hostile-31")
    void failsOverAMessageThatDoesNotGoOn() {
        EngineProbe probe = open(SILENT);
        probe.pass(ofHours(1));
        probe.receive(to(Role.SERVER, TEXT, "a"));
        probe.pass(ofSeconds(29));
        probe.receive(to(Role.SERVER, CONTINUATION, "b"));
        probe.pass(ofSeconds(29));
        probe.receive(to(Role.SERVER, FIN | PING, ""), to(Role.SERVER, CONTINUATION, "")); // no byte of the message
        probe.acceptAll();
        probe.pass(ofSeconds(1));
        assertThat(probe.told()).containsExactly("ping ", closed(1008, true, false));
        assertThat(probe.status().reason()).isEqualTo("an unfinished message does not go on");
    }

    @ParameterizedTest
    @EnumSource(names = {"MESSAGES", "FRAGMENTS"})
    @Tag("hostile-31")
    void countsFromTheHeaderOfAMessageThatHasNoByteYet(Pieces pieces) {
        EngineProbe probe = new EngineProbe(Role.SERVER, SILENT, pieces).requestAll();
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"));
        probe.pass(ofHours(1));
        probe.receive(headerTo(Role.SERVER, FIN | TEXT, 10));
        probe.pass(ofSeconds(30).minusNanos(1));
        assertThat(probe.told()).containsExactly(text("a"));
        probe.pass(ofNanos(1));
        assertThat(probe.told()).containsExactly(closed(1008, true, false));
    }

    @Test
    @Tag("hostile-31")
    void mayPauseBetweenFragmentsThatAreDeliveredOneByOne() {
        EngineProbe probe = new EngineProbe(Role.SERVER, SILENT, Pieces.FRAGMENTS).requestAll();
        probe.receive(to(Role.SERVER, TEXT, "a"));
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    @Tag("hostile-31")
    void mayPauseAnywhereInAStreamedMessage() {
        EngineProbe probe = new EngineProbe(Role.SERVER, SILENT, Pieces.CHUNKS).requestAll();
        probe.receive(headerTo(Role.SERVER, FIN | TEXT, 10), hex("61"));
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    @Tag("hostile-31")
    void doesNotCountTimeInWhichTheMessageWasHeldBack() {
        EngineProbe probe = new EngineProbe(Role.SERVER, SILENT, Pieces.MESSAGES);
        probe.receive(headerTo(Role.SERVER, FIN | TEXT, 2), hex("61"));
        probe.pass(ofHours(1));
        probe.request(1);
        probe.pass(ofSeconds(29));
        probe.receive(hex("62"));
        assertThat(probe.told()).containsExactly(text("ab"));
    }

    @Test
    void mayNeverFinishIfThatIsAllowed() {
        EngineProbe probe = open(SILENT.withStallTimeouts(ZERO, ofSeconds(1)));
        probe.receive(to(Role.SERVER, TEXT, "a"));
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    // ---- output that does not go on

    @Test
    @Tag("hostile-43")
    void cutsAPeerOffThatTakesNothing() {
        EngineProbe probe = open(SILENT);
        probe.pass(ofHours(1));
        send(probe, "a");
        probe.pass(ofSeconds(30).minusNanos(1));
        probe.engine.onAccepted(0, probe.now());
        assertThat(probe.told()).isEmpty();
        probe.pass(ofNanos(1));
        assertThat(probe.told()).containsExactly(closed(1006, false, false));
        assertThat(probe.status().reason()).isEqualTo("the peer took none of the bytes that wait for it");
        assertThat(probe.outbound.isCut()).isTrue();
        probe.pass(ofHours(1));
        assertThat(probe.told()).isEmpty();
    }

    @Test
    void keepsAPeerThatTakesAByteNowAndThen() {
        EngineProbe probe = open(SILENT);
        send(probe, "abc");
        for (int i = 1; i < 5; i++) {
            probe.pass(ofSeconds(29));
            probe.engine.onAccepted(i, probe.now());
        }
        probe.pass(ofSeconds(29));
        assertThat(probe.engine.isOpen()).isTrue();
        probe.acceptAll();
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    @Tag("hostile-43")
    void boundsACloseThatCannotLeave() {
        EngineProbe probe = open(SILENT);
        probe.outbound.takes(0);
        probe.engine.close(CloseStatus.of(1000), probe.now());
        probe.pass(ofSeconds(30));
        assertThat(probe.told()).containsExactly(closed(1000, true, false));
        assertThat(probe.outbound.isCut()).isTrue();
    }

    @Test
    @Tag("hostile-43")
    void boundsTheLastWordToo() {
        EngineProbe probe = open(SILENT);
        probe.engine.fail(CloseStatus.of(1011), probe.now());
        assertThat(probe.outbound.isEnded()).isTrue();
        probe.pass(ofSeconds(30));
        assertThat(probe.outbound.isCut()).isTrue();
    }

    @Test
    void isNotHeldUpByDataThatIsHeldBack() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"));
        send(probe, "b");
        probe.pass(ofSeconds(30));
        assertThat(probe.outbound.isCut()).isTrue();
    }

    @Test
    void countsNothingOnceTheTransportIsGone() {
        EngineProbe probe = open(SILENT);
        send(probe, "a");
        probe.pass(ofSeconds(1));
        probe.engine.transportClosed("reset", probe.now());
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
        probe.engine.expire(probe.now() + ofHours(1).toNanos());
        assertThat(probe.outbound.isCut()).isFalse();
    }

    // ---- closing

    @ParameterizedTest
    @EnumSource
    @Tag("C4")
    @Tag("C11")
    @Tag("hostile-41")
    @Tag("hostile-43")
    void waitsForThePeersCloseFromTheMomentThatOursWasAccepted(Role role) {
        EngineProbe probe = EngineProbe.open(role);
        probe.engine.close(CloseStatus.of(1000), probe.now());
        probe.pass(ofSeconds(20));
        probe.acceptAll();
        probe.receive(to(role, FIN | TEXT, "a"));
        probe.pass(ofSeconds(3).minusNanos(1));
        assertThat(probe.told()).containsExactly(text("a"));
        probe.pass(ofNanos(1));
        assertThat(probe.told()).containsExactly(closed(1000, true, false));
        assertThat(probe.outbound.isCut()).isTrue();
    }

    @Test
    @Tag("hostile-41")
    void doesNotWaitForDataThatIsHeldBack() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"));
        probe.engine.close(CloseStatus.of(1000), probe.now());
        probe.acceptAll();
        probe.pass(ofSeconds(3));
        assertThat(probe.told()).containsExactly(closed(1000, true, false));
    }

    @Test
    @Tag("C1")
    void waitsForTheServerToEndTcp() {
        EngineProbe probe = EngineProbe.open(Role.CLIENT);
        probe.receive(closeTo(Role.CLIENT, 1000, ""));
        probe.acceptAll();
        assertThat(probe.told()).containsExactly(closed(1000, false, true));
        probe.pass(ofSeconds(3).minusNanos(1));
        assertThat(probe.outbound.isCut()).isFalse();
        probe.pass(ofNanos(1));
        assertThat(probe.outbound.isCut()).isTrue();
        assertThat(probe.told()).isEmpty();
    }

    @Test
    void waitsNoLongerThanThatForAnApplicationToCatchUp() {
        EngineProbe probe = open(SILENT);
        probe.setCaughtUp(false);
        probe.receive(hex("83 80 00 00 00 00"));
        probe.pass(ofSeconds(3).minusNanos(1));
        assertThat(probe.told()).isEmpty();
        probe.pass(ofNanos(1));
        assertThat(probe.told()).containsExactly(closed(1002, true, false));
        probe.acceptAll();
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    void isOverOnceEverythingIsAccepted() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.receive(closeTo(Role.SERVER, 1000, ""));
        assertThat(probe.engine.deadlineNanos() - probe.now()).isEqualTo(ofSeconds(30).toNanos());
        probe.acceptAll();
        assertThat(probe.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
        probe.engine.expire(probe.now() + ofHours(1).toNanos());
        assertThat(probe.outbound.isCut()).isFalse();
    }

    @Test
    void doesNothingAtAnInstantAtWhichNothingIsDue() {
        EngineProbe probe = EngineProbe.open(Role.SERVER);
        probe.receive(to(Role.SERVER, TEXT, "a"));
        send(probe, "b");
        Duration step = ofMillis(100);
        for (Duration at = ZERO; at.compareTo(ofSeconds(19)) < 0; at = at.plus(step)) {
            probe.engine.expire(probe.now());
            probe.pass(step);
        }
        probe.engine.close(CloseStatus.of(1000), probe.now());
        probe.acceptAll();
        probe.engine.expire(probe.now());
        assertThat(probe.told()).isEmpty();
        assertThat(probe.sent()).containsExactly(text("b"), "CLOSE fin 03 e8");
    }

    private static EngineProbe open(EngineSettings settings) {
        return new EngineProbe(Role.SERVER, settings, Pieces.MESSAGES).requestAll();
    }

    private static void send(EngineProbe probe, String text) {
        probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(utf8(text)), null);
    }
}
