// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.BinaryMessage;
import io.hawser.MessageStream;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of a probe that sends, whose demand the test sees. */
@Tag("X3")
class OutgoingTest {
    private static final BinaryMessage LARGE = BinaryMessage.wrap(new byte[64 << 10]);

    private static HawserTest of(WebSocketHandler handler) {
        return HawserTest.of(handler, o -> o.patience(Duration.ofMillis(50)));
    }

    @Test
    void givesWhatIsAskedFor() {
        try (HawserTest test = of(WebSocketHandler.each(message -> message))) {
            Probe probe = test.webSocketByHand("/", o -> o);
            Outgoing outgoing = probe.outgoing();
            probe.incoming().request(2);
            assertThat(outgoing.expectRequest()).isPositive();
            outgoing.next(TextMessage.of("one"));
            probe.expectText("one");
            outgoing.expectRequest();
            outgoing.next(TextMessage.of("two")).complete();
            probe.expectText("two").expectClosed(1000);
            assertThatThrownBy(outgoing::complete).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void showsTheBackPressureOfAPeerThatDoesNotRead() {
        try (HawserTest test = of(WebSocketHandler.streams(MessageStream::receiveOnly))) {
            Probe probe = test.webSocketByHand("/", o -> o);
            Outgoing outgoing = probe.outgoing();
            outgoing.expectRequest();
            int sent = 0;
            while (outgoing.demand() > 0) {
                outgoing.next(LARGE);
                sent++;
                test.settle();
            }
            assertThat(sent).isLessThan(100);
            outgoing.expectNoRequest();
            assertThatThrownBy(() -> outgoing.next(LARGE)).isInstanceOf(IllegalStateException.class).hasMessageContaining("expectRequest() first");
            assertThatThrownBy(outgoing::expectRequest).isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected demand for a message\nbut nothing came within 3 s");
        }
    }

    @Test
    void failsTheConnection() {
        try (HawserTest test = of(WebSocketHandler.each(message -> message))) {
            Probe probe = test.webSocketByHand("/", o -> o);
            probe.outgoing().error(new IllegalStateException("no more"));
            probe.expectClosed(1011);
        }
    }

    @Test
    void isCancelledWhenTheConnectionIsClosed() {
        try (HawserTest test = of(WebSocketHandler.direct(socket -> socket.close(4000, "gone")))) {
            Probe probe = test.webSocketByHand("/", o -> o).expectClosed(4000);
            assertThat(probe.outgoing().isCancelled()).isTrue();
            assertThatThrownBy(() -> probe.outgoing().expectRequest()).hasMessageContaining("but the subscription was cancelled");
        }
    }

    @Test
    void tellsOfDemandThatShouldNotBe() {
        try (HawserTest test = of(WebSocketHandler.each(message -> message))) {
            Probe probe = test.webSocketByHand("/", o -> o);
            assertThatThrownBy(() -> probe.outgoing().expectNoRequest()).hasMessageStartingWith("expected no demand for messages\nbut there is demand for 1");
        }
    }
}
