// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {
    @Test
    @Tag("C7")
    @Tag("C9")
    void sendsTheCodesThatTheRfcAllows() {
        IntStream legal = IntStream.concat(
                IntStream.concat(IntStream.rangeClosed(1000, 1003), IntStream.rangeClosed(1007, 1014)),
                IntStream.rangeClosed(3000, 4999));
        assertThat(IntStream.rangeClosed(-1, 70_000).filter(CloseStatus::isSendable).toArray())
                .containsExactly(legal.toArray());
        assertThat(CloseStatus.of(4999).isSendable()).isTrue();
        assertThat(CloseStatus.of(1006).isSendable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1016, 2999, 5000, 65535})
    void refusesCodesThatMeanNothing(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloseStatus.of(code))
                .withMessageContaining("close code " + code + " ");
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1015})
    void tellsAnApplicationWhatNeverStandsOnTheWire(int code) {
        assertThat(CloseStatus.of(code, "x".repeat(500)).isSendable()).isFalse();
    }

    @Test
    void refusesReasonsThatFitNoControlFrame() {
        assertThat(CloseStatus.of(1000, "x".repeat(123)).toPayload().remaining()).isEqualTo(125);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloseStatus.of(1000, "x".repeat(124)))
                .withMessageContaining("124 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloseStatus.of(1000, "\u20ac".repeat(42)))
                .withMessageContaining("126 bytes");
    }

    @Test
    @Tag("hostile-28")
    void refusesAnUnpairedSurrogateInAReason() {
        assertThatIllegalArgumentException().isThrownBy(() -> CloseStatus.of(1000, "\ud83d"));
    }

    @Test
    void becomesTheBodyOfACloseFrame() {
        assertThat(CloseStatus.of(1000).toPayload().array()).isEqualTo(hex("03 e8"));
        assertThat(CloseStatus.of(4001, "\u20ac").toPayload().array()).isEqualTo(hex("0f a1 e2 82 ac"));
        assertThat(CloseStatus.of(CloseStatus.NO_STATUS).toPayload().array()).isEmpty();
    }

    @Test
    void knowsAnOrdinaryEnd() {
        assertThat(IntStream.of(1000, 1001, 1005)).allMatch(code -> CloseStatus.of(code).isNormal());
        assertThat(IntStream.of(1002, 1006, 1011, 4000)).noneMatch(code -> CloseStatus.of(code).isNormal());
    }

    @Test
    void readsAsCodeAndReason() {
        assertThat(CloseStatus.of(1001)).hasToString("1001");
        assertThat(CloseStatus.of(4001, "token expired")).hasToString("4001 token expired");
    }
}
