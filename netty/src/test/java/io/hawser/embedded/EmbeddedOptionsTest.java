// SPDX-License-Identifier: Apache-2.0

package io.hawser.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.logging.LoggingHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EmbeddedOptionsTest {
    private static final EmbeddedOptions DEFAULTS = EmbeddedOptions.defaults();

    @Test
    void areAsTheirDocumentationSays() {
        assertThat(DEFAULTS.takes()).accepts("/", "/anything", "*");
        assertThat(DEFAULTS.removed().test(new LoggingHandler())).isFalse();
        assertThat(DEFAULTS.requestTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(DEFAULTS.grace()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void changeOneByOne() {
        EmbeddedOptions changed = DEFAULTS.paths("/chat", "/news")
                .alsoRemove(ReadTimeoutHandler.class::isInstance)
                .requestTimeout(Duration.ZERO)
                .grace(Duration.ofDays(1))
                .webSocket(w -> w.closeTimeout(Duration.ofSeconds(7)));
        assertThat(changed.takes()).accepts("/chat", "/news").rejects("/", "/chat/", "/chat/room");
        assertThat(changed.removed().test(new ReadTimeoutHandler(1))).isTrue();
        assertThat(changed.removed().test(new LoggingHandler())).isFalse();
        assertThat(changed.requestTimeout()).isZero();
        assertThat(changed.grace()).isEqualTo(Duration.ofDays(1));
        assertThat(changed.webSocket()).isNotEqualTo(DEFAULTS.webSocket());
        assertThat(DEFAULTS.takes()).as("the defaults stay").accepts("/");
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.paths()).withMessageContaining("name a path");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.paths("chat")).withMessageContaining("\"chat\"");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.origins("example.com")).withMessageContaining("example.com");
        for (Duration wrong : new Duration[] {Duration.ofNanos(-1), Duration.ofDays(1).plusNanos(1)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DEFAULTS.requestTimeout(wrong))
                    .withMessageContaining(wrong.toString());
            assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.grace(wrong)).withMessageContaining(wrong.toString());
        }
    }
}
