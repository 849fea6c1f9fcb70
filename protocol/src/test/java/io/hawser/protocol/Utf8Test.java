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
