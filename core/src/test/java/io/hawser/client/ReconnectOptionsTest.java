// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ReconnectOptionsTest {
    private static final ConnectOptions DEFAULTS = ConnectOptions.defaults();

    @Test
    void beginWithTheDefaultsThatAreDocumented() {
        ReconnectOptions defaults = DEFAULTS.reconnecting;
        assertThat(defaults.firstWait()).isEqualTo(Duration.ofMillis(500));
        assertThat(defaults.maxWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(defaults.stableAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.giveUpAfter()).isEmpty();
        assertThat(defaults.keptMessages()).isZero();
        assertThat(defaults.keptBytes()).isZero();
        assertThat(DEFAULTS.hasFreshHeaders()).isFalse();
    }

    @Test
    void keepWhatWasSetBeforeAndLeaveTheOriginal() {
        Consumer<Reconnecting.State> listener = state -> {};
        ConnectOptions changed = DEFAULTS.backOff(Duration.ofNanos(1), Duration.ofDays(1))
                .stableAfter(Duration.ZERO)
                .giveUpAfter(Duration.ofDays(100_000_000))
                .keepUnsent(1, 2)
                .onReconnecting(listener)
                .freshHeaders(Map::of)
                .stopWhen(end -> false)
                .subprotocols("chat");
        ReconnectOptions options = changed.reconnecting;
        assertThat(options.firstWait()).isEqualTo(Duration.ofNanos(1));
        assertThat(options.maxWait()).isEqualTo(Duration.ofDays(1));
        assertThat(options.stableAfter()).isZero();
        assertThat(options.giveUpAfter()).contains(Duration.ofDays(100_000_000));
        assertThat(options.keptMessages()).isEqualTo(1);
        assertThat(options.keptBytes()).isEqualTo(2);
        assertThat(options.listener()).isSameAs(listener);
        assertThat(changed.hasFreshHeaders()).isTrue();
        assertThat(DEFAULTS.reconnecting.keptMessages()).isZero();
    }

    @Test
    @Tag("U7")
    void refuseWhatMakesNoSense() {
        Map<UnaryOperator<ConnectOptions>, String> refused = Map.of(
                o -> o.backOff(Duration.ZERO, Duration.ofSeconds(1)), "the first back-off must be positive, not PT0S",
                o -> o.backOff(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                        "the longest back-off must not be below the first, PT2S, but is PT1S",
                o -> o.backOff(Duration.ofSeconds(1), Duration.ofHours(25)),
                        "the longest back-off must be a day or less, not PT25H",
                o -> o.stableAfter(Duration.ofNanos(-1)), "stableAfter must not be negative: PT-0.000000001S",
                o -> o.giveUpAfter(Duration.ofSeconds(-1)), "giveUpAfter must not be negative: PT-1S",
                o -> o.keepUnsent(-1, 0), "the number of messages to keep must be 0 or more, not -1",
                o -> o.keepUnsent(0, -2), "the bytes of messages to keep must be 0 or more, not -2");
        refused.forEach((change, message) -> assertThatThrownBy(() -> change.apply(DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
    }

    @Test
    void addFreshHeadersToTheOthers() {
        ConnectOptions had = DEFAULTS.header("A", "1").freshHeaders(() -> Map.of("B", "2")).withHeadersHad(URI.create("ws://x/"));
        assertThat(had.hasFreshHeaders()).isFalse();
        assertThat(had.headers).isEqualTo(List.of(Map.entry("A", "1"), Map.entry("B", "2")));
    }
}
