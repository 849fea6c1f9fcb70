// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("K3")
class KeepAliveTest {
    private static final long START = Long.MAX_VALUE - 30;
    private final RecordedOutput output = new RecordedOutput();
    private final StageClock clock = new StageClock(START);
    private final RoundTrips roundTrips = new RoundTrips(output, clock, 200, output);
    private final KeepAlive keepAlive = new KeepAlive(100, 40, KeepAlive.numbers(), roundTrips, clock);

    @Test
    void pingsAfterASilence() {
        at(99);
        assertThat(keepAlive.nanosLeft()).isEqualTo(1);
        assertThat(keepAlive.expire()).isTrue();
        assertThat(output.told).isEmpty();
        at(100);
        assertThat(keepAlive.expire()).isTrue();
        assertThat(output.told).containsExactly("send PING 00 00 00 00 00 00 00 01");
    }

    @Test
    void isPutOffByAnyByte() {
        at(99);
        keepAlive.onActivity();
        at(150);
        assertThat(keepAlive.nanosLeft()).isEqualTo(49);
    }

    @Test
    void waitsForTheTransportBeforeItCounts() {
        at(100);
        keepAlive.expire();
        at(5_000);
        assertThat(keepAlive.nanosLeft()).isEqualTo(StageClock.NEVER);
        assertThat(keepAlive.expire()).isTrue();
        output.callbacks.get(0).onDone(true);
        at(5_039);
        assertThat(keepAlive.nanosLeft()).isEqualTo(1);
        assertThat(keepAlive.expire()).isTrue();
    }

    @Test
    @Tag("hostile-37")
    void callsThePeerGoneWhenNothingCame() {
        at(100);
        keepAlive.expire();
        output.callbacks.get(0).onDone(true);
        at(140);
        assertThat(keepAlive.expire()).isFalse();
    }

    @Test
    void takesAnyByteForAnAnswer() {
        at(100);
        keepAlive.expire();
        output.callbacks.get(0).onDone(true);
        at(139);
        keepAlive.onActivity();
        at(140);
        assertThat(keepAlive.expire()).isTrue();
        assertThat(keepAlive.nanosLeft()).isEqualTo(99);
    }

    @Test
    void hidesThePongsToItsPings() {
        at(100);
        keepAlive.expire();
        roundTrips.onPong(hex("00 00 00 00 00 00 00 01"));
        assertThat(output.told).containsExactly("send PING 00 00 00 00 00 00 00 01");
    }

    @Test
    void countsFromTheLatestPingOnly() {
        at(100);
        keepAlive.expire();
        keepAlive.onActivity();
        at(200);
        keepAlive.expire();
        output.callbacks.get(0).onDone(true); // of the first, which waited long
        assertThat(keepAlive.nanosLeft()).isEqualTo(StageClock.NEVER);
        output.callbacks.get(1).onDone(true);
        assertThat(keepAlive.nanosLeft()).isEqualTo(40);
    }

    private void at(long sinceStart) {
        clock.set(START + sinceStart);
    }
}
