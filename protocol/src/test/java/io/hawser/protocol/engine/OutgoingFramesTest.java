// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static io.hawser.protocol.testing.EngineProbe.binary;
import static io.hawser.protocol.testing.EngineProbe.data;
import static io.hawser.protocol.testing.EngineProbe.text;
import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.Role;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutgoingFramesTest {
    private static final int PIECE = OutgoingFrames.PIECE_BYTES;
    private final EngineProbe server = EngineProbe.open(Role.SERVER);
    private final EngineProbe client = EngineProbe.open(Role.CLIENT);
    private final List<String> done = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void areEncodedAtOnceWhileTheTransportTakesThem(Role role) {
        EngineProbe probe = EngineProbe.open(role);
        send(probe, "a");
        send(probe, "");
        assertThat(probe.sent()).containsExactly(text("a"), text(""));
        assertThat(probe.outbound.pieces()).hasSize(2);
        assertThat(probe.engine.waitingBytes()).isEqualTo(probe.outbound.size());
        assertThat(probe.engine.awaitsAcceptance()).isTrue();
        assertThat(done).isEmpty();
        probe.acceptAll();
        assertThat(probe.engine.waitingBytes()).isZero();
        assertThat(done).containsExactly("a true", " true");
    }

    @Test
    @Tag("L2")
    void queueInOrderWhileItDoesNot() {
        server.outbound.takes(0);
        send(server, "a");
        send(server, "");
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(hex("01 02")), null);
        assertThat(server.engine.waitingBytes()).isEqualTo(3);
        assertThat(server.engine.awaitsAcceptance()).isTrue();
        flush(server);
        assertThat(server.sent()).containsExactly(text("a"), text(""), binary(hex("01 02")));
        assertThat(server.engine.waitingBytes()).isEqualTo(3 + 2 + 4);
        server.acceptAll();
        assertThat(done).containsExactly("a true", " true");
        assertThat(server.engine.awaitsAcceptance()).isFalse();
    }

    @Test
    void putControlFramesBeforeData() {
        server.outbound.takes(0);
        send(server, "a");
        server.engine.send(Frame.ping(hex("01")), accepted -> done.add("ping " + accepted));
        server.engine.send(Frame.pong(hex("02")), accepted -> done.add("pong " + accepted));
        flush(server);
        assertThat(server.sent()).containsExactly("PING fin 01", "PONG fin 02", text("a"));
        server.acceptAll();
        assertThat(done).containsExactly("ping true", "pong true", "a true");
    }

    @Test
    void neverPutDataBeforeAControlFrameThatWaited() {
        server.outbound.takes(0);
        server.engine.ping(hex("01"), time -> {});
        server.outbound.takes(Integer.MAX_VALUE);
        send(server, "a");
        assertThat(server.sent()).containsExactly("PING fin 01", text("a"));
    }

    @Test
    @Tag("K1")
    @Tag("hostile-35")
    void answerEveryPingInOrderWhileTheTransportTakesIt() {
        server.receive(ping("01"), ping(""), ping("02 03"));
        assertThat(server.sent()).containsExactly("PONG fin 01", "PONG fin", "PONG fin 02 03");
    }

    @Test
    @Tag("K1")
    @Tag("hostile-35")
    void keepOnlyTheLatestPongWaiting() {
        server.outbound.takes(0);
        send(server, "a");
        server.receive(ping("01"), ping("02"), ping("03"));
        flush(server);
        server.receive(ping("04"));
        assertThat(server.sent()).containsExactly("PONG fin 03", text("a"), "PONG fin 04");
    }

    @Test
    @Tag("C4")
    void finishWhatWaitsAndThenClose() {
        server.outbound.takes(0);
        send(server, "a");
        server.engine.close(CloseStatus.of(1000), server.now());
        send(server, "too late");
        server.engine.send(Frame.ping(hex("01")), accepted -> done.add("ping " + accepted));
        server.receive(ping("02"));
        assertThat(done).containsExactly("too late false", "ping false");
        flush(server);
        assertThat(server.sent()).containsExactly(text("a"), "CLOSE fin 03 e8");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("F2")
    void encodeALargeFrameInPieces(Role role) {
        EngineProbe probe = EngineProbe.open(role);
        byte[] large = bytes(2 * PIECE + 3);
        ByteBuffer payload = ByteBuffer.allocateDirect(large.length + 2)
                .put(1, large).position(1).limit(large.length + 1);
        probe.outbound.takes(2);
        probe.engine.send(Opcode.BINARY, payload.asReadOnlyBuffer(), accepted -> done.add("large " + accepted));
        int header = role == Role.CLIENT ? 14 : 10;
        assertThat(probe.outbound.pieces()).containsExactly(header, PIECE);
        assertThat(probe.engine.waitingBytes()).isEqualTo(header + large.length);
        flush(probe);
        assertThat(probe.outbound.pieces()).containsExactly(header, PIECE, PIECE, 3);
        assertThat(probe.sent()).containsExactly(binary(large));
        assertThat(payload.remaining()).isEqualTo(large.length);
        probe.acceptAll();
        assertThat(done).containsExactly("large true");
    }

    @Test
    void encodeAFrameOfOnePieceWhole() {
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(bytes(PIECE)), null);
        assertThat(server.outbound.pieces()).containsExactly(PIECE + 10);
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(bytes(PIECE + 1)), null);
        assertThat(server.outbound.pieces()).containsExactly(PIECE + 10, 10, PIECE, 1);
    }

    @Test
    void neverPutAControlFrameInsideAFrame() {
        byte[] large = bytes(2 * PIECE);
        server.outbound.takes(2);
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(large), null);
        server.engine.ping(hex("01"), time -> {});
        flush(server);
        assertThat(server.sent()).containsExactly(binary(large), "PING fin 01");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("F10")
    void fragmentALargeFrameWhileAnotherWaits(Role role) {
        EngineProbe probe = EngineProbe.open(role);
        byte[] large = bytes(2 * PIECE + 9);
        probe.outbound.takes(0);
        Frame frame = Frame.wrap(Opcode.BINARY, true, large).withRsv(4);
        probe.engine.send(frame, accepted -> done.add("large " + accepted));
        send(probe, "next");
        probe.outbound.takes(1);
        probe.acceptAll();
        probe.engine.send(Frame.pong(hex("01")), null);
        flush(probe);
        assertThat(probe.sent()).containsExactly(
                "rsv 4 " + data(Wire.BINARY, false, Arrays.copyOf(large, PIECE)),
                "PONG fin 01",
                data(Wire.CONTINUATION, false, Arrays.copyOfRange(large, PIECE, 2 * PIECE)),
                data(Wire.CONTINUATION, true, Arrays.copyOfRange(large, 2 * PIECE, large.length)),
                text("next"));
        probe.acceptAll();
        assertThat(done).containsExactly("large true", "next true");
    }

    @Test
    void fragmentALargeFragmentWhileAnotherWaits() {
        byte[] large = bytes(PIECE + 1);
        server.outbound.takes(0);
        server.engine.send(Frame.wrap(Opcode.BINARY, false, large), null);
        server.engine.send(Frame.wrap(Opcode.CONTINUATION, true, hex("")), null);
        assertThat(server.engine.awaitsAcceptance()).isTrue();
        flush(server);
        assertThat(server.sent()).containsExactly(
                data(Wire.BINARY, false, Arrays.copyOf(large, PIECE)),
                data(Wire.CONTINUATION, false, Arrays.copyOfRange(large, PIECE, large.length)),
                "CONTINUATION fin");
        assertThat(server.engine.awaitsAcceptance()).isFalse();
    }

    @Test
    void fragmentALargeFrameWhileACloseWaits() {
        byte[] large = bytes(PIECE + 1);
        server.outbound.takes(0);
        server.engine.send(Opcode.BINARY, ByteBuffer.wrap(large), null);
        server.engine.close(CloseStatus.of(1001), server.now());
        flush(server);
        assertThat(server.sent()).containsExactly(
                data(Wire.BINARY, false, Arrays.copyOf(large, PIECE)),
                data(Wire.CONTINUATION, true, Arrays.copyOfRange(large, PIECE, large.length)),
                "CLOSE fin 03 e9");
    }

    @Test
    @Tag("F1")
    void sendTheFragmentsOfTheApplicationAsTheyAre() {
        server.engine.send(Frame.of(Opcode.TEXT, false, ByteBuffer.wrap(hex("e2"))), null);
        server.engine.send(Frame.ping(hex("")), null);
        server.engine.send(Frame.of(Opcode.CONTINUATION, true, ByteBuffer.wrap(hex("82 ac"))), null);
        assertThat(server.sent()).containsExactly("TEXT more e2", "PING fin", "CONTINUATION fin 82 ac");
    }

    @Test
    @Tag("F9")
    void areMaskedByAClientWithAFreshKeyEach() {
        send(client, "a");
        send(client, "a");
        assertThat(client.outbound.bytes()).isEqualTo(hex("81 81 37 fa 21 3d 56 81 81 37 fa 21 3e 56"));
    }

    @Test
    @Tag("F9")
    void areMaskedWithTheKeyThatTheCallerChose() {
        Frame frame = Frame.text("ab").withMaskingKey(0x01020304);
        client.engine.send(frame, null);
        client.engine.send(Frame.ping(hex("")).withMaskingKey(0), null);
        assertThat(client.outbound.bytes()).isEqualTo(hex("81 82 01 02 03 04 60 60 89 80 00 00 00 00"));
        server.engine.send(frame, null);
        assertThat(server.outbound.bytes()).isEqualTo(hex("81 02 61 62"));
    }

    @Test
    void tellACallerWhenTheLastByteIsAccepted() {
        send(server, "ab");
        send(server, "c");
        server.engine.onAccepted(3, server.now());
        assertThat(done).isEmpty();
        server.engine.onAccepted(4, server.now());
        assertThat(done).containsExactly("ab true");
        server.engine.onAccepted(7, server.now());
        assertThat(done).containsExactly("ab true", "c true");
    }

    @Test
    @Tag("hostile-42")
    void tellEveryCallerOnceWhenTheConnectionEnds() {
        server.outbound.takes(1);
        send(server, "encoded");
        send(server, "queued");
        send(server, "queued too");
        server.engine.send(Frame.ping(hex("01")), accepted -> {
            done.add("ping " + accepted);
            send(server, "from a callback");
        });
        server.receive(ping("01"));
        server.engine.close(CloseStatus.of(1000), server.now());
        server.engine.transportClosed("gone", server.now());
        assertThat(done).containsExactly(
                "encoded false", "queued false", "queued too false", "ping false", "from a callback false");
        assertThat(server.engine.waitingBytes()).isZero();
        server.engine.onAccepted(9, server.now());
        server.engine.transportClosed("gone", server.now());
        send(server, "after the end");
        assertThat(done).hasSize(6).endsWith("after the end false");
        assertThat(server.sent()).containsExactly(text("encoded"));
    }

    @Test
    void maySendMoreWhenOneIsAccepted() {
        server.engine.send(Opcode.TEXT, ByteBuffer.wrap(hex("61")), accepted -> send(server, "b"));
        server.acceptAll();
        assertThat(server.sent()).containsExactly(text("a"), text("b"));
        server.acceptAll();
        assertThat(done).containsExactly("b true");
    }

    @Test
    @Tag("C9")
    void takeACloseFrameThroughClose() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.engine.send(Frame.close(CloseStatus.of(1000)), null))
                .withMessageContaining("close(CloseStatus)");
        server.engine.close(Frame.close(CloseStatus.of(4000, "x")), server.now());
        assertThat(server.sent()).containsExactly("CLOSE fin 0f a0 78");
    }

    @Test
    @Tag("hostile-39")
    void refuseACloseFrameThatNobodyMaySend() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.engine.close(Frame.wrap(Opcode.CLOSE, true, hex("03 ee")), server.now()))
                .withMessage("close code 1006 is never sent");
        assertThat(server.engine.isOpen()).isTrue();
    }

    private void send(EngineProbe probe, String text) {
        probe.engine.send(Opcode.TEXT, ByteBuffer.wrap(Wire.utf8(text)), accepted -> done.add(text + " " + accepted));
    }

    private static void flush(EngineProbe probe) {
        probe.outbound.takes(Integer.MAX_VALUE);
        probe.engine.onAccepted(0, probe.now());
    }

    private static byte[] ping(String payload) {
        return Wire.to(Role.SERVER, Wire.FIN | Wire.PING, hex(payload));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }
}
