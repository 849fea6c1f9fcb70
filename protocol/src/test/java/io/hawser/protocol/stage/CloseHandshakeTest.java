// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.stage.CloseHandshake.State;
import io.hawser.protocol.testing.EngineProbe;
import io.hawser.protocol.testing.Wire;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseHandshakeTest {
    private static final CloseStatus BYE = CloseStatus.of(4000, "bye");
    private final ProtocolViolation fault = new ProtocolViolation(1002, "5.5", "a fault");
    private final RecordedOutput output = new RecordedOutput();
    private final StageClock clock = new StageClock(Long.MAX_VALUE);
    private final CloseHandshake closing = new CloseHandshake(output, clock, output, this::onClosed);

    @Test
    @Tag("C1")
    void echoesTheCodeOfThePeersClose() {
        closing.onClose(Wire.closeBody(1001, "away"));
        assertThat(output.told).containsExactly("send CLOSE 1001", "closed 1001 remote clean");
        assertThat(closing.state()).isEqualTo(State.CLOSED);
    }

    @Test
    @Tag("C1")
    void answersACloseWithoutCodeWithoutCode() {
        closing.onClose(hex(""));
        assertThat(output.told).containsExactly("send CLOSE 1005", "closed 1005 remote clean");
    }

    @Test
    @Tag("C9")
    void awaitsThePeersAnswer() {
        closing.close(BYE);
        assertThat(closing.state()).isEqualTo(State.CLOSING);
        closing.onClose(Wire.closeBody(1000, ""));
        assertThat(output.told).containsExactly("send CLOSE 4000 bye", "closed 4000 local clean");
    }

    @Test
    void failsWithoutAwaitingThePeer() {
        closing.fail(CloseStatus.of(1002, "a fault"), fault);
        assertThat(output.told).containsExactly("send CLOSE 1002 a fault", "closed 1002 local unclean by fault");
    }

    @Test
    void saysNothingFurtherWhenItFailsWhileClosing() {
        closing.close(BYE);
        closing.fail(CloseStatus.of(1002), fault);
        assertThat(output.told).containsExactly("send CLOSE 4000 bye", "closed 4000 local unclean by fault");
    }

    @Test
    @Tag("C8")
    void isAbnormalWhenTheTransportEndsFirst() {
        closing.cutOff("gone");
        assertThat(output.told).containsExactly("closed 1006 remote unclean");
    }

    @Test
    void keepsOurStatusWhenTheTransportEndsWhileClosing() {
        closing.close(BYE);
        closing.cutOff("gone");
        assertThat(output.told).containsExactly("send CLOSE 4000 bye", "closed 4000 local unclean");
    }

    @Test
    @Tag("F14")
    void tellsTheEndOnceWhateverFollows() {
        closing.onClose(hex(""));
        output.told.clear();
        closing.close(BYE);
        closing.fail(BYE, fault);
        closing.cutOff("gone");
        closing.onClose(hex(""));
        assertThat(output.told).isEmpty();
    }

    @Test
    @Tag("hostile-43")
    void countsFromTheMomentThatTheTransportAcceptedOurClose() {
        assertThat(closing.nanosLeft(Duration.ofNanos(10))).isEqualTo(StageClock.NEVER);
        closing.close(BYE);
        clock.set(Long.MIN_VALUE + 100);
        assertThat(closing.nanosLeft(Duration.ofNanos(10))).isEqualTo(StageClock.NEVER);
        output.callbacks.get(0).onDone(true);
        clock.set(Long.MIN_VALUE + 107);
        assertThat(closing.nanosLeft(Duration.ofNanos(10))).isEqualTo(3);
    }

    @Test
    void countsNothingIfOurCloseWasNeverAccepted() {
        closing.close(BYE);
        output.callbacks.get(0).onDone(false);
        assertThat(closing.nanosLeft(Duration.ofNanos(10))).isEqualTo(StageClock.NEVER);
    }

    @Test
    void passesPingsAndPongsOnUntilTheEnd() {
        closing.onPing(hex("01"));
        closing.close(BYE);
        closing.onPong(hex("02"));
        assertThat(output.told).containsExactly("ping 01", "send CLOSE 4000 bye", "pong 02");
        closing.cutOff("gone");
        closing.onPing(hex("03"));
        closing.onPong(hex("04"));
        assertThat(output.told).endsWith("pong 02", "closed 4000 local unclean");
    }

    @Test
    @Tag("C7")
    void readsStatusAndReason() {
        assertThat(CloseHandshake.decode(hex("03 e8"))).isEqualTo(CloseStatus.of(1000));
        assertThat(CloseHandshake.decode(hex("0f a1 e2 82 ac"))).isEqualTo(CloseStatus.of(4001, "\u20ac"));
        assertThat(CloseHandshake.decode(hex(""))).isEqualTo(CloseStatus.of(1005));
        assertThat(CloseHandshake.decode(Wire.closeBody(1000, "x".repeat(123))).reason()).hasSize(123);
    }

    @Test
    @Tag("C7")
    void takesEveryLegalCodeAndNoOther() {
        IntStream.rangeClosed(0, 65535).forEach(code -> {
            byte[] body = Wire.closeBody(code, "");
            if (CloseStatus.isSendable(code)) {
                assertThat(CloseHandshake.decode(body).code()).isEqualTo(code);
            } else {
                refuses(body, 1002, fault -> assertThat(fault).hasMessage("close code " + code + " is never sent"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    @Tag("C7")
    @Tag("hostile-38")
    void refusesACodeThatIsNeverSent(int code) {
        refuses(Wire.closeBody(code, "x"), 1002, fault -> assertThat(fault.section()).isEqualTo("7.4"));
        assertThat(closing.state()).isEqualTo(State.OPEN);
    }

    @Test
    @Tag("C7")
    @Tag("hostile-38")
    void refusesABodyOfOneByte() {
        refuses(hex("03"), 1002, fault -> assertThat(fault).hasMessage("a close frame with one byte of body"));
    }

    @ParameterizedTest
    @CsvSource({"03 e8 ff", "03 e8 c0 80", "03 e8 e2 82", "03 e8 61 ed a0 80"})
    @Tag("C7")
    @Tag("hostile-27")
    void refusesAReasonThatIsNotUtf8(String body) {
        refuses(hex(body), 1007, fault -> assertThat(fault).hasMessage("a close reason that is not UTF-8"));
    }

    private void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation) {
        output.told.add(EngineProbe.closed(status.code(), local, clean) + (violation == null ? "" : " by fault"));
    }

    private void refuses(byte[] body, int code, Consumer<ProtocolViolation> check) {
        ProtocolViolation fault = catchThrowableOfType(ProtocolViolation.class, () -> closing.onClose(body));
        assertThat(fault.status().code()).isEqualTo(code);
        check.accept(fault);
    }
}
