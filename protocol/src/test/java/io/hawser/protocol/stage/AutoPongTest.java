// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("K1")
class AutoPongTest {
    private final RecordedOutput output = new RecordedOutput();
    private final AutoPong autoPong = new AutoPong(output, output);

    @Test
    void answersAPingAndThenPassesItOn() {
        autoPong.onPing(hex("01 02"));
        assertThat(output.told).containsExactly("answer 01 02", "ping 01 02");
    }

    @Test
    void answersWithBytesThatNobodyElseHolds() {
        byte[] payload = hex("01 02");
        autoPong.onPing(payload);
        payload[0] = 9;
        assertThat(output.answer).isEqualTo(hex("01 02"));
    }

    @Test
    void passesEverythingElseOn() {
        autoPong.onPong(hex("01"));
        autoPong.onClose(hex("03 e8"));
        assertThat(output.told).containsExactly("pong 01", "close 03 e8");
    }
}
