// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What README shows, run. */
@Timeout(60)
class ReadmeCodeTest {
    @Test
    void shouts() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.faces(), "/shout")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
        }
    }

    @Test
    void answersFrames() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.faces(), "/upper")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
        }
    }

    @Test
    void greets() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.upgrades(), "/greeter")) {
            talk.says("Ann");
            assertThat(talk.hears()).isEqualTo("Hello Ann!");
        }
    }

    @Test
    void agreesOnASubprotocol() throws Exception {
        try (Talk talk = Talk.with(ReadmeCode.upgrades(), "/chat", "chat.v2")) {
            assertThat(talk.subprotocol()).isEqualTo("chat.v2");
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
        }
    }
}
