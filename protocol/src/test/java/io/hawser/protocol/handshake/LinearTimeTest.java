// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The readers of header lists look at each character a few times, however the list is made; counted, not timed. */
@Tag("hostile-10")
class LinearTimeTest {
    private static final int LENGTH = 64 << 10;
    private static final int LOOKS_A_CHARACTER = 6;

    @ParameterizedTest
    @ValueSource(strings = {" ", ",", ", ", "\t", ",a", "a,", ";", "a;", "a;b,", "a=\"", "\"", "\\", "a;b=\"\\"})
    void readsListsInTimeLinearInTheirLength(String unit) {
        String text = unit.repeat(LENGTH / unit.length());
        Counted tokens = new Counted(text);
        Tokens.list(List.of(tokens));
        assertThat(tokens.looks).isBetween(1L, (long) LOOKS_A_CHARACTER * LENGTH);
        Counted extensions = new Counted(text);
        ExtensionList.parse(List.of(extensions));
        assertThat(extensions.looks).isBetween(1L, (long) LOOKS_A_CHARACTER * LENGTH);
    }

    /** Text that counts how many of its characters are looked at or copied. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            looks++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            looks += end - start;
            return text.substring(start, end);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public String toString() {
            looks += text.length();
            return text;
        }
    }
}
