// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("X2")
class ProbeTest {
    private static final WebSocketHandler ECHO = WebSocketHandler.each(message -> message);

    private static HawserTest echo() {
        return HawserTest.of(ECHO);
    }

    @Test
    void sendsAndExpectsTextAndBytes() {
        try (HawserTest test = echo()) {
            test.webSocket("/")
                    .send("Ahoy")
                    .send(new byte[] {1, 2})
                    .send(TextMessage.of("there"))
                    .expectText("Ahoy")
                    .expectBytes(new byte[] {1, 2})
                    .expectMessage(TextMessage.of("there"))
                    .expectNoMessage();
            assertThat(test.elapsed()).isZero();
        }
    }

    @Test
    void returnsWhatCame() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("one").send(new byte[] {2}).send("three").send("four");
            assertThat(probe.expectText()).isEqualTo("one");
            assertThat(probe.expectBytes()).containsExactly(2);
            assertThat(probe.expectMessage()).isEqualTo(TextMessage.of("three"));
            assertThat(probe.expectMessage(message -> message.text().length() == 4, "four letters").text()).isEqualTo("four");
        }
    }

    @Test
    void closesWhenItsOutputCompletes() {
        try (HawserTest test = echo()) {
            test.webSocket("/").send("last").complete().expectText("last").expectCompletion().expectClosed(1000);
        }
    }

    @Test
    void closesWithACode() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("first").close(4001, "enough").expectText("first");
            assertThat(probe.expectClosed().status()).isEqualTo(CloseStatus.of(4001, "enough"));
            probe.expectCompletion();
        }
    }

    @Test
    void failsWithInternalError() {
        try (HawserTest test = echo()) {
            test.webSocket("/").fail(new IllegalStateException("no more")).expectClosed(1011);
        }
    }

    @Test
    void cutsTheConnectionOff() {
        try (HawserTest test = echo()) {
            test.webSocket("/").abort().expectClosed(1006);
        }
    }

    @Test
    void seesHowTheServerFails() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> {
            throw new IllegalStateException("boom");
        }))) {
            Probe probe = test.webSocket("/").send("x");
            WebSocketClosedException failure = probe.expectFailure(WebSocketClosedException.class);
            assertThat(failure.closed().status().code()).isEqualTo(1011);
            probe.expectClosed(1011);
        }
    }
}
