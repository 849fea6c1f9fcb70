// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import static io.hawser.protocol.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.protocol.Frame;
import io.hawser.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("K4")
class RoundTripsTest {
    private final RecordedOutput output = new RecordedOutput();
    private final StageClock clock = new StageClock(Long.MAX_VALUE - 1);
    private final RoundTrips roundTrips = new RoundTrips(output, clock, 3, output);
    private final List<Long> times = new ArrayList<>();

    @Test
    void measureFromAcceptanceToPong() {
        ping("01", false);
        advance(5);
        output.callbacks.get(0).onDone(true);
        advance(7);
        roundTrips.onPong(hex("01"));
        assertThat(times).containsExactly(7L);
        assertThat(output.told).containsExactly("send PING 01", "pong 01");
    }

    @Test
    void tellWhatBecameOfThePing() {
        List<Boolean> accepted = new ArrayList<>();
        roundTrips.ping(Frame.ping(hex("01")), false, accepted::add, times::add);
        output.callbacks.get(0).onDone(true);
        assertThat(accepted).containsExactly(true);
    }

    @Test
    void takeAPongForTheAnswerToAllEarlierPings() {
        ping("01", false);
        ping("02", true);
        ping("03", false);
        ping("04", false);
        advance(9);
        roundTrips.onPong(hex("03"));
        assertThat(times).containsExactly(9L, 9L, 9L);
        roundTrips.onPong(hex("01")); // late, and asked for by nobody now
        assertThat(times).hasSize(3);
        assertThat(output.told).endsWith("pong 03", "pong 01");
    }

    @Test
    void keepPongsToHiddenPingsFromTheApplication() {
        ping("01", true);
        roundTrips.onPong(hex("01"));
        assertThat(output.told).containsExactly("send PING 01");
        assertThat(times).hasSize(1);
    }

    @Test
    @Tag("hostile-36")
    void letUnaskedPongsPass() {
        ping("01", false);
        roundTrips.onPong(hex("02"));
        assertThat(times).isEmpty();
        assertThat(output.told).endsWith("pong 02");
    }

    @Test
    @Tag("hostile-35")
    void countPingsAndUnaskedPongsAgainstTheRate() {
        for (int i = 0; i < 100; i++) {
            ping("01", true);
            roundTrips.onPong(hex("01"));
        }
        roundTrips.onPing(hex(""));
        roundTrips.onPong(hex(""));
        roundTrips.onPing(hex(""));
        assertThatThrownBy(() -> roundTrips.onPong(hex(""))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> roundTrips.onPing(hex(""))).isInstanceOf(ProtocolViolation.class);
        roundTrips.onClose(hex(""));
        assertThat(output.told).endsWith("ping ", "pong ", "ping ", "close ");
    }

    @Test
    void forgetTheOldestOfTooManyPings() {
        for (int i = 0; i < 257; i++) {
            roundTrips.ping(Frame.ping(bytes(i)), true, null, times::add);
        }
        roundTrips.onPong(bytes(0));
        assertThat(times).isEmpty();
        roundTrips.onPong(bytes(256));
        assertThat(times).hasSize(256);
    }

    @Test
    void maySendFurtherPingsWhenOneIsAnswered() {
        for (int i = 0; i < 200; i++) {
            roundTrips.ping(Frame.ping(bytes(i)), true, null, time -> {
                times.add(time);
                ping("ff", false);
                ping("fe", false);
            });
        }
        roundTrips.onPong(bytes(199));
        assertThat(times).hasSize(200);
        roundTrips.onPong(hex("fe"));
        assertThat(times).hasSizeGreaterThan(200);
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private void ping(String payload, boolean hidden) {
        roundTrips.ping(Frame.ping(hex(payload)), hidden, null, times::add);
    }

    private void advance(long nanos) {
        clock.set(clock.nanos() + nanos);
    }
}
