// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ProtocolViolationTest {
    @Test
    void saysWhatTheRfcForbids() {
        ProtocolViolation violation = new ProtocolViolation(1002, "5.5", "a PING frame is fragmented");
        assertThat(violation).hasMessage("a PING frame is fragmented");
        assertThat(violation.section()).isEqualTo("5.5");
        assertThat(violation.status()).isEqualTo(CloseStatus.of(1002, "a PING frame is fragmented"));
    }

    @Test
    void hasNoStackTrace() {
        ProtocolViolation violation = new ProtocolViolation(1002, "5.5", "x");
        violation.addSuppressed(new IllegalStateException());
        assertThat(violation.getStackTrace()).isEmpty();
        assertThat(violation.getSuppressed()).isEmpty();
    }

    @Test
    void refusesWhatNoCloseFrameCanCarry() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolViolation(1002, "5.5", "x".repeat(124)));
    }
}
