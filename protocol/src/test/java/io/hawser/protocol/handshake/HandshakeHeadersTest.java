// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeHeadersTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a b", "a\tb", " ~"})
    void takesPrintableValues(String value) {
        assertThatCode(() -> HandshakeHeaders.requireField("X-Token", value)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "a\nb", "\u0000", "\u001f", "\u007f", "ä"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesValuesThatCannotStandInAHeader(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeHeaders.requireField("X-Token", value))
                .withMessageStartingWith("header X-Token holds a character outside printable ASCII: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\nb", "ä"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesNamesThatAreNoTokens(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeHeaders.requireField(name, "x"))
                .withMessageStartingWith("header name is not a token of HTTP: ");
    }

    @Test
    void showsNoValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeHeaders.requireField("Authorization", "Bearer secret\n"))
                .withMessage("header Authorization holds a character outside printable ASCII: \\u000a at index 13");
    }
}
