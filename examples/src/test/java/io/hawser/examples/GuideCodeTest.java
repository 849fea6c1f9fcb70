// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.TextMessage;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the guides show, run. */
@Timeout(60)
class GuideCodeTest {
    @Test
    void asksAndAnswers() throws Exception {
        try (Talk talk = Talk.with(GuideCode.directFace(), "/shop")) {
            assertThat(talk.hears()).isEqualTo("What is your name?");
            talk.says("Ann");
            assertThat(talk.hears()).isEqualTo("Welcome, Ann");
            assertThat(talk.hears()).isEqualTo("closed with 1000");
        }
    }

    @Test
    void readsAMessageAsAStream() throws Exception {
        try (Talk talk = Talk.with(GuideCode.directFace(), "/upload")) {
            talk.says(new byte[100_000]);
            assertThat(talk.hears()).isEqualTo("100000 bytes");
        }
    }

    @Test
    void sendsAReader() throws Exception {
        try (Talk talk = Talk.with(GuideCode.directFace(), "/download")) {
            assertThat(talk.hears()).isEqualTo("a long text");
        }
    }

    @Test
    void echoesStreams() throws Exception {
        for (String path : new String[] {"/echo", "/streamed"}) {
            try (Talk talk = Talk.with(GuideCode.streamsFace(), path)) {
                talk.says("ahoy");
                assertThat(talk.hears()).isEqualTo("ahoy");
            }
        }
    }

    @Test
    void pushes() throws Exception {
        GuideCode.Ticker ticker = GuideCode.ticker();
        try (Talk talk = Talk.with(Map.of("/ticker", ticker.handler()), "/ticker")) {
            ticker.source().submit(TextMessage.of("4.20"));
            assertThat(talk.hears()).isEqualTo("4.20");
            ticker.source().close();
            assertThat(talk.hears()).isEqualTo("closed with 1000");
        }
    }

    @Test
    void relaysFrames() throws Exception {
        try (Talk talk = Talk.with(GuideCode.framesFace(), "/relay")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("ahoy");
        }
    }
}
