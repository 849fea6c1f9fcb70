// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "a?b", "?", "\u20ac?", "\ud83d\ude00?", "\ud83d\ude00"})
    void encodesText(String text) {
        assertThat(Utf8.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Tag("M5")
    void encodesTextInPiecesHoweverItIsCut() {
        String text = "a\u00e9\ud83d\ude00?\ud83d\ude01";
        for (int cut = 0; cut <= text.length(); cut++) {
            Utf8.Encoder encoder = new Utf8.Encoder();
            byte[] first = encoder.encode(text.substring(0, cut));
            byte[] second = encoder.encode(text.substring(cut));
            encoder.finish();
            assertThat(new String(first, StandardCharsets.UTF_8) + new String(second, StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    @Tag("hostile-28")
    void refusesASurrogateWhoseOtherHalfNeverComes() {
        Utf8.Encoder encoder = new Utf8.Encoder();
        encoder.encode("a\ud83d");
        assertThatIllegalArgumentException().isThrownBy(encoder::finish);
        assertThatIllegalArgumentException().isThrownBy(() -> encoder.encode("b"));
    }

    @Test
    @Tag("hostile-28")
    void refusesAnUnpairedSurrogate() {
        refuses("\ud83d", 0);
        refuses("a\ud83d", 1);
        refuses("?\udc00?", 1);
        refuses("\ude00\ud83d", 0);
        refuses("\ud83d\ude00\ud83d", 2);
    }

    private static void refuses(String text, int index) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Utf8.encode(text))
                .withMessageContaining("unpaired surrogate at index " + index + " ");
    }

    @Test
    void encodesEveryCodePoint() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                assertThat(new String(Utf8.encode(text), StandardCharsets.UTF_8).equals(text)).isTrue();
            }
        }
    }
}
