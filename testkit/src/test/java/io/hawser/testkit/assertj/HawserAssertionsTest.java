// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.assertj;

import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.Probe;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Assertions that hold, and what those say that do not. */
@Tag("X2")
class HawserAssertionsTest {
    @Test
    void assertsWhatAProbeReceives() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.each(message -> message))) {
            Probe probe = test.webSocket("/").send("one").send("two").send(new byte[] {3});
            assertThat(probe).hasReceivedText("one", "two").hasReceivedBytes(new byte[] {3}).hasReceivedNothingMore();
            assertThatThrownBy(() -> assertThat(probe).hasReceivedText("more")).isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected the text \"more\"\nbut nothing came within 3 s\n");
            assertThatThrownBy(() -> assertThat(probe).hasReceivedText()).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> assertThat(probe).hasSubprotocol("chat")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("[subprotocol]").hasMessageContaining("Optional[chat]");
            probe.complete();
            assertThat(probe).isClosedWith(1000);
            assertThatThrownBy(() -> assertThat((Probe) null).hasReceivedNothingMore()).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void assertsHowAConnectionEnded() {
        Closed clean = new Closed(CloseStatus.of(4000, "bye"), true, true);
        Closed cut = new Closed(CloseStatus.of(CloseStatus.ABNORMAL), false, false);
        assertThat(clean).isClean().isByThisSide().hasCode(4000).hasReason("bye");
        assertThat(cut).isNotClean().isByThePeer().hasCode(1006);
        assertThatThrownBy(() -> assertThat(cut).isClean()).isInstanceOf(AssertionError.class)
                .hasMessage("expected an end that is clean, but it was: 1006, by the peer, not clean");
        assertThatThrownBy(() -> assertThat(clean).isNotClean()).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(clean).isByThePeer()).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(cut).isByThisSide()).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(clean).hasCode(1000)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("[code of 4000 bye, by this side]");
        assertThatThrownBy(() -> assertThat(clean).hasReason("")).isInstanceOf(AssertionError.class);
    }

    @Test
    void assertsWhatAResponseIs() {
        Response response = Response.text(403, "not you").withHeader("X-Why", "age");
        assertThat(response).hasStatus(403).hasHeader("x-why", "age").hasNoHeader("X-Other").hasBody("not you");
        assertThatThrownBy(() -> assertThat(response).hasStatus(200)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("[status of a response with the body \"not you\"]");
        assertThatThrownBy(() -> assertThat(response).hasHeader("X-Why", "height")).isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("expected the header X-Why: height, but its values are [age] of ");
        assertThatThrownBy(() -> assertThat(response).hasNoHeader("X-Why")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(response).hasBody("")).isInstanceOf(AssertionError.class);
    }
}
