// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.closed;
import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static io.hawser.protocol.testing.Wire.CLOSE;
import static io.hawser.protocol.testing.Wire.FIN;
import static io.hawser.protocol.testing.Wire.PING;
import static io.hawser.protocol.testing.Wire.TEXT;
import static io.hawser.protocol.testing.Wire.closeTo;
import static io.hawser.protocol.testing.Wire.join;
import static io.hawser.protocol.testing.Wire.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.EngineProbe.Pieces;
import io.hawser.protocol.testing.EveryCut;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolEngineClosingTest {
    private static final CloseStatus BYE = CloseStatus.of(4000, "bye");
    private static final byte[] BAD = hex("83 80 00 00 00 00"); // reserved opcode 3

    private final EngineProbe server = EngineProbe.open(Role.SERVER);

    @ParameterizedTest
    @CsvSource({"1000, 03 e8", "1001, 03 e9", "1011, 03 f3", "4999, 13 87"})
    @Tag("C1")
    @Tag("C2")
    @Tag("C6")
    @Tag("F14")
    void echoesThePeersCodeAndIgnoresWhatFollows(int code, String echo) {
        byte[] stream = join(
                to(Role.SERVER, FIN | TEXT, "a"), closeTo(Role.SERVER, code, "why"), to(Role.SERVER, FIN | TEXT, "b"),
                to(Role.SERVER, FIN | PING, ""), BAD, closeTo(Role.SERVER, 1000, ""));
        EveryCut.of(stream, cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(text("a"), closed(code, false, true));
            assertThat(probe.status()).isEqualTo(CloseStatus.of(code, "why"));
            assertThat(probe.sent()).containsExactly("CLOSE fin " + echo);
            assertThat(probe.outbound.isEnded()).isTrue(); // the server ends TCP first
        });
    }

    @Test
    @Tag("C1")
    void answersACloseWithoutCodeWithoutCode() {
        EveryCut.of(to(Role.SERVER, FIN | CLOSE, ""), cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1005, false, true));
            assertThat(probe.sent()).containsExactly("CLOSE fin");
        });
    }

    @Test
    @Tag("C1")
    void letsTheServerEndTcpFirst() {
        EngineProbe client = EngineProbe.open(Role.CLIENT);
        client.receive(closeTo(Role.CLIENT, 1000, ""));
        assertThat(client.told()).containsExactly(closed(1000, false, true));
        assertThat(client.outbound.isEnded()).isFalse();
        client.receiveEnd();
        assertThat(client.outbound.isEnded()).isTrue();
        assertThat(client.told()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C3")
    void dropsAMessageThatIsOpenWhenThePeerCloses(Role role) {
        EveryCut.of(join(to(role, TEXT, "a"), closeTo(role, 1000, "")), cut -> {
            EngineProbe probe = EngineProbe.open(role);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1000, false, true));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    @Tag("C7")
    @Tag("hostile-38")
    void failsOverACodeThatIsNeverSent(int code) {
        EveryCut.of(closeTo(Role.SERVER, code, ""), cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(closed(1002, true, false));
            assertThat(probe.sent()).hasSize(1).first().asString().startsWith("CLOSE fin 03 ea");
        });
    }

    @Test
    @Tag("C7")
    @Tag("hostile-27")
    @Tag("hostile-38")
    void failsOverABodyOfOneByteAndAReasonThatIsNotUtf8() {
        server.receive(to(Role.SERVER, FIN | CLOSE, hex("03")));
        assertThat(server.told()).containsExactly(closed(1002, true, false));
        EngineProbe other = EngineProbe.open(Role.SERVER);
        other.receive(to(Role.SERVER, FIN | CLOSE, hex("03 e8 c3 28")));
        assertThat(other.told()).containsExactly(closed(1007, true, false));
        assertThat(other.sent()).hasSize(1).first().asString().startsWith("CLOSE fin 03 ef");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C4")
    @Tag("C9")
    @Tag("C11")
    void takesDataUntilThePeerAnswersOurClose(Role role) {
        EngineProbe probe = EngineProbe.open(role);
        probe.engine.close(BYE, probe.now());
        assertThat(probe.engine.isOpen()).isFalse();
        probe.receive(to(role, FIN | TEXT, "a"), to(role, FIN | PING, "p"));
        assertThat(probe.told()).containsExactly(text("a"), "ping 70");
        assertThat(probe.outbound.isEnded()).isFalse();
        probe.receive(closeTo(role, 1000, "fine"));
        assertThat(probe.told()).containsExactly(closed(4000, true, true));
        assertThat(probe.status()).isEqualTo(BYE);
        assertThat(probe.sent()).containsExactly("CLOSE fin 0f a0 62 79 65");
        assertThat(probe.outbound.isEnded()).isEqualTo(role == Role.SERVER);
    }

    @Test
    @Tag("hostile-40")
    void isCleanOnBothSidesWhenBothCloseAtOnce() {
        EngineProbe client = EngineProbe.open(Role.CLIENT);
        client.engine.close(BYE, client.now());
        server.engine.close(CloseStatus.of(1001), server.now());
        server.receive(client.outbound.bytes());
        client.receive(server.outbound.bytes());
        assertThat(server.told()).containsExactly(closed(1001, true, true));
        assertThat(client.told()).containsExactly(closed(4000, true, true));
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    void closesOnce() {
        server.engine.close(BYE, server.now());
        server.engine.close(CloseStatus.of(1000), server.now());
        assertThat(server.sent()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1015})
    @Tag("C9")
    @Tag("hostile-39")
    void refusesToSendWhatIsNeverSent(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.engine.close(CloseStatus.of(code), server.now()))
                .withMessage("close code " + code + " is never sent");
        assertThatIllegalArgumentException().isThrownBy(() -> server.engine.fail(CloseStatus.of(code), server.now()));
        assertThat(server.engine.isOpen()).isTrue();
        assertThat(server.sent()).isEmpty();
    }

    @Test
    @Tag("C5")
    void failsWithoutWaitingForThePeer() {
        server.engine.fail(CloseStatus.of(1011), server.now());
        assertThat(server.told()).containsExactly(closed(1011, true, false));
        assertThat(server.sent()).containsExactly("CLOSE fin 03 f3");
        assertThat(server.outbound.isEnded()).isTrue();
        server.receive(to(Role.SERVER, FIN | TEXT, "late"));
        assertThat(server.told()).isEmpty();
        assertThat(server.violation()).isNull();
    }

    @Test
    void takesNoMoreDataOnceItFailedWhileClosing() {
        server.engine.close(BYE, server.now());
        server.engine.fail(CloseStatus.of(1011), server.now());
        assertThat(server.told()).containsExactly(closed(4000, true, false));
        assertThat(server.sent()).hasSize(1);
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    void endsOverAViolationWhileClosing() {
        EveryCut.of(join(to(Role.SERVER, FIN | TEXT, "a"), BAD), cut -> {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.engine.close(BYE, probe.now());
            probe.receive(cut);
            assertThat(probe.told()).containsExactly(text("a"), closed(4000, true, false));
            assertThat(probe.violation()).hasMessage("reserved opcode 3");
            assertThat(probe.sent()).hasSize(1);
            assertThat(probe.outbound.isEnded()).isTrue();
        });
    }

    @Test
    @Tag("C8")
    @Tag("F11")
    @Tag("hostile-56")
    void isAbnormalWhenTheInputEndsWithoutAClose() {
        byte[] stream = join(to(Role.SERVER, TEXT, "a"), to(Role.SERVER, FIN | PING, "p"));
        int firstFrame = to(Role.SERVER, TEXT, "a").length;
        for (int end = 0; end <= stream.length; end++) {
            EngineProbe probe = EngineProbe.open(Role.SERVER);
            probe.receive(Arrays.copyOf(stream, end));
            probe.receiveEnd();
            assertThat(probe.told()).endsWith(closed(1006, false, false));
            boolean between = end == 0 || end == firstFrame || end == stream.length;
            assertThat(probe.status().reason())
                    .isEqualTo(
                        between ? "the connection ended without a close" : "the connection ended inside a frame");
            assertThat(probe.outbound.isEnded()).isTrue();
            assertThat(probe.outbound.isCut()).isFalse();
        }
    }

    @Test
    @Tag("C8")
    void stillSendsWhatWaitsWhenTheInputEnds() {
        server.outbound.takes(0);
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("61")), null);
        server.receiveEnd();
        assertThat(server.told()).containsExactly(closed(1006, false, false));
        assertThat(server.outbound.isEnded()).isFalse();
        server.outbound.takes(9);
        server.acceptAll();
        assertThat(server.sent()).containsExactly(text("a"));
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    @Tag("C8")
    void keepsOurStatusWhenTheTransportEndsWhileClosing() {
        server.engine.close(BYE, server.now());
        server.engine.transportClosed("reset", server.now());
        assertThat(server.told()).containsExactly(closed(4000, true, false));
        assertThat(server.outbound.isEnded()).isFalse();
        assertThat(server.outbound.isCut()).isFalse();
    }

    @Test
    @Tag("C8")
    void tellsHowTheTransportEnded() {
        server.engine.transportClosed("connection reset", server.now());
        assertThat(server.told()).containsExactly(closed(1006, false, false));
        assertThat(server.status().reason()).isEqualTo("connection reset");
        server.engine.abort("again", server.now());
        server.receiveEnd();
        assertThat(server.told()).isEmpty();
        assertThat(server.outbound.isCut()).isFalse();
    }

    @Test
    void cutsTheTransportOnceWhenItIsAborted() {
        server.engine.abort("no more", server.now());
        server.engine.abort("no more", server.now());
        assertThat(server.told()).containsExactly(closed(1006, false, false));
        assertThat(server.outbound.isCut()).isTrue();
        assertThat(server.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }

    @Test
    void mayBeAbortedBehindItsLastWord() {
        server.engine.fail(CloseStatus.of(1011), server.now());
        server.engine.abort("no patience", server.now());
        assertThat(server.told()).containsExactly(closed(1011, true, false));
        assertThat(server.outbound.isCut()).isTrue();
    }

    @Test
    @Tag("C10")
    void answersThePeersCloseBehindWhatIsQueued() {
        server.outbound.takes(0);
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("61")), null);
        server.onTold(event -> {
            if (event.startsWith("TEXT")) {
                server.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8("reply")), null);
            }
        });
        server.receive(to(Role.SERVER, FIN | TEXT, "question"), closeTo(Role.SERVER, 1000, ""));
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("62")), null);
        assertThat(server.told()).containsExactly(text("question"), closed(1000, false, true));
        assertThat(server.outbound.isEnded()).isFalse();
        server.outbound.takes(9);
        server.acceptAll();
        assertThat(server.sent()).containsExactly(text("a"), text("reply"), "CLOSE fin 03 e8");
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    @Tag("C10")
    void answersThePeersCloseUnderAMessageThatNeverEnds() {
        server.engine.send(Frame.of(Opcode.TEXT, false, ByteBuffer.wrap(hex("61"))), null);
        server.receive(closeTo(Role.SERVER, 1000, ""));
        assertThat(server.sent()).containsExactly("TEXT more 61", "CLOSE fin 03 e8");
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    void isNotHeldBackOnceItIsClosed() {
        EngineProbe probe = new EngineProbe(Role.SERVER, EngineSettings.DEFAULT, Pieces.MESSAGES);
        probe.receive(to(Role.SERVER, FIN | TEXT, "a"));
        assertThat(probe.engine.isHeldBack()).isTrue();
        probe.engine.fail(CloseStatus.of(1011), probe.now());
        assertThat(probe.engine.isHeldBack()).isFalse();
        probe.requestAll().receive(to(Role.SERVER, FIN | TEXT, "b"));
        assertThat(probe.told()).containsExactly(closed(1011, true, false));
        assertThat(probe.left()).isZero();
    }

    // ---- a violation waits until the application has caught up

    @Test
    void actsUponAViolationWhenTheApplicationHasCaughtUp() {
        server.setCaughtUp(false);
        server.receive(to(Role.SERVER, FIN | TEXT, "a"), BAD);
        assertThat(server.told()).containsExactly(text("a"));
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("62")), null);
        server.receive(to(Role.SERVER, FIN | TEXT, "ignored"));
        server.engine.caughtUp(server.now());
        assertThat(server.told()).containsExactly(closed(1002, true, false));
        assertThat(server.sent()).hasSize(2).first().isEqualTo(text("b"));
        server.engine.caughtUp(server.now());
        assertThat(server.told()).isEmpty();
    }

    @Test
    void asksAgainWhetherTheApplicationHasCaughtUp() {
        server.setCaughtUp(false);
        server.receive(BAD);
        assertThat(server.told()).isEmpty();
        server.setCaughtUp(true);
        server.receive(hex("00"));
        assertThat(server.told()).containsExactly(closed(1002, true, false));
    }

    @Test
    @Tag("hostile-56")
    void remembersAViolationBeyondTheEndOfTheInput() {
        server.setCaughtUp(false);
        server.receive(BAD);
        server.receiveEnd();
        assertThat(server.told()).isEmpty();
        server.engine.caughtUp(server.now());
        assertThat(server.told()).containsExactly(closed(1002, true, false));
        assertThat(server.outbound.isEnded()).isTrue();
    }

    @Test
    void forgetsAViolationWhenTheTransportIsGone() {
        server.setCaughtUp(false);
        server.receive(BAD);
        server.engine.transportClosed("reset", server.now());
        server.engine.caughtUp(server.now());
        assertThat(server.told()).containsExactly(closed(1006, false, false));
        assertThat(server.engine.deadlineNanos()).isEqualTo(ProtocolEngine.NEVER);
    }
}
