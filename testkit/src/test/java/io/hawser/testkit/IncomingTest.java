// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of a probe that receives, whose demand the test gives. */
@Tag("X3")
class IncomingTest {
    private static HawserTest echo() {
        return HawserTest.of(WebSocketHandler.each(message -> message));
    }

    @Test
    void receivesNoMoreThanTheTestAsksFor() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocketByHand("/").send("one").send("two").send("three");
            Incoming incoming = probe.incoming().expectSubscription();
            probe.expectNoMessage();
            incoming.request(1);
            probe.expectText("one").expectNoMessage();
            incoming.request(2);
            test.settle();
            assertThat(incoming.unread()).isEqualTo(2);
            probe.expectText("two").expectText("three");
        }
    }

    @Test
    void showsShortMessagesWithTheirText() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocketByHand("/").send("one");
            probe.incoming().request(1);
            assertThatThrownBy(probe::expectNoMessage).isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected no message\nbut the text \"one\" came");
        }
    }

    @Test
    void keepsThePolicyThatTheTestHasSet() {
        try (HawserTest test = HawserTest.of(
                WebSocketHandler.each(message -> message), o -> o.client(c -> c.webSocket(w -> w.messages(MessagePolicy.strict(3)))))) {
            Probe probe = test.webSocketByHand("/").send("four");
            probe.incoming().request(1);
            probe.expectClosed(1009);
        }
    }

    @Test
    void receivesAllAtOnceByDefault() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("one").send("two");
            test.settle();
            assertThat(probe.incoming().unread()).isEqualTo(2);
        }
    }

    @Test
    void leavesTheChunksOfAStreamedMessageToTheTest() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocketByHand("/", o -> o.webSocket(w -> w.messages(MessagePolicy.streamed(1000)))).send("streamed");
            probe.incoming().request(1);
            TextMessage.Streamed message = (TextMessage.Streamed) probe.incoming().expectNext();
            assertThat(message.text()).isEqualTo("streamed");
            assertThat(probe.incoming().unread()).isZero();
        }
    }

    @Test
    void getsTheNextMessageWhenTheOneBeforeHasBeenRead() {
        try (HawserTest test = echo()) {
            String one = "1".repeat(65_537);
            Probe probe = test.webSocketByHand("/").send(one).send("two");
            probe.incoming().request(2);
            test.settle();
            assertThat(probe.incoming().unread()).isEqualTo(1);
            probe.expectText(one).expectText("two");
        }
    }

    @Test
    void readsWhatItWasAskedFor() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocketByHand("/").send("read by the probe");
            probe.incoming().request(1);
            probe.expectText("read by the probe");
        }
    }

    @Test
    void wantsNothingMoreOnceItIsCancelled() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocket("/").send("one").expectText("one");
            probe.incoming().cancel();
            probe.send("two").expectNoMessage().complete().expectClosed(1000);
            assertThat(probe.incoming().hasEnded()).isFalse();
        }
    }

    @Test
    void seesItsEnd() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocketByHand("/").complete().expectCompletion();
            assertThat(probe.incoming().hasEnded()).isTrue();
            Probe other = test.webSocketByHand("/");
            test.server().close();
            other.expectCompletion().expectClosed(1001);
        }
    }

    @Test
    void seesHowItFails() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> {
            throw new IllegalStateException("boom");
        }))) {
            test.webSocketByHand("/").expectFailure(WebSocketClosedException.class);
        }
    }

    @Test
    void saysThatNothingWasSignalled() {
        try (HawserTest test = echo()) {
            Probe probe = test.webSocketByHand("/");
            assertThatThrownBy(() -> probe.incoming().expectNext()).isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected a message\nbut nothing came within 3 s");
            assertThatThrownBy(() -> probe.incoming().request(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not 0");
        }
    }
}
