// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.protocol.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EngineSettingsTest {
    private static final Duration TOO_LONG = Duration.ofDays(365 * 300);
    private final EngineSettings settings = EngineSettings.DEFAULT;

    @Test
    void areChangedOneByOne() {
        Limits limits = Limits.DEFAULT.withFragments(1);
        assertThat(settings.withLimits(limits)
                        .withAutoPong(false)
                        .withKeepAlive(ofSeconds(1), ofSeconds(2))
                        .withIdleTimeout(ofSeconds(3))
                        .withStallTimeouts(ofSeconds(4), ofSeconds(5))
                        .withCloseTimeout(ofSeconds(6))
                        .withFragmentBytes(7)
                        .withKeepAliveFrames(true, null))
                .isEqualTo(new EngineSettings(
                        limits, false, ofSeconds(1), ofSeconds(2),
                        ofSeconds(3), ofSeconds(4), ofSeconds(5), ofSeconds(6),
                        7, true, null,
                null));
    }

    @Test
    void mayTurnSomeTimeoutsOff() {
        assertThat(settings.withKeepAlive(ZERO, ofSeconds(1))
                        .withIdleTimeout(ZERO).withStallTimeouts(ZERO, ofSeconds(1)))
                .isNotNull();
    }

    @Test
    void nameTheTimeThatIsNotPositive() {
        refuses(() -> settings.withKeepAlive(ofSeconds(-1), ofSeconds(1)),
                "keepAliveInterval must not be negative: PT-1S");
        refuses(() -> settings.withKeepAlive(ZERO, ZERO), "keepAliveTimeout must be positive");
        refuses(() -> settings.withIdleTimeout(ofSeconds(-1)), "idleTimeout must not be negative: PT-1S");
        refuses(() -> settings.withStallTimeouts(ofSeconds(-1), ofSeconds(1)),
                "unfinishedMessageTimeout must not be negative: PT-1S");
        refuses(() -> settings.withStallTimeouts(ZERO, ZERO), "noProgressTimeout must be positive");
        refuses(() -> settings.withCloseTimeout(ofSeconds(-1)), "closeTimeout must not be negative: PT-1S");
        refuses(() -> settings.withCloseTimeout(ZERO), "closeTimeout must be positive");
        refuses(() -> settings.withFragmentBytes(0), "fragmentBytes must be 1 or more, not 0");
    }

    @Test
    void refuseTimesThatNanosecondsCannotCount() {
        refuses(() -> settings.withIdleTimeout(TOO_LONG), "idleTimeout must not be longer than 292 years: PT2628000H");
        assertThat(settings.withIdleTimeout(Duration.ofNanos(Long.MAX_VALUE))).isNotNull();
    }

    private static void refuses(Runnable change, String message) {
        assertThatIllegalArgumentException().isThrownBy(change::run).withMessage(message);
    }
}
