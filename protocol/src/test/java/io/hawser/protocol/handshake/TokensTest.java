// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TokensTest {
    @Test
    void areMadeOfTheCharactersOfTheRfc() {
        String characters = IntStream.range(0, 300)
                .filter(Tokens::isTokenChar)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertThat(characters).isEqualTo(
                "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
        assertThat(Tokens.isToken("a")).isTrue();
        assertThat(Tokens.isToken("")).isFalse();
        assertThat(Tokens.isToken("a b")).isFalse();
    }

    @Test
    void areListedBetweenCommas() {
        assertThat(Tokens.list(List.of("a, b", ",\tc ,"))).contains(List.of("a", "b", "c"));
        assertThat(Tokens.list(List.of("", " ,"))).isEmpty();
        assertThat(Tokens.list(List.of("a", "b c"))).isEmpty();
    }

    @Test
    void areFoundInAnyCase() {
        assertThat(Tokens.contains(List.of("a, B", "c"), "b")).isTrue();
        assertThat(Tokens.contains(List.of("ab", "c d"), "b")).isFalse();
        assertThat(Tokens.contains(List.of(), "b")).isFalse();
    }

    @Test
    @Tag("H10")
    @Tag("hostile-16")
    void areShownWithWhatDoesNotPrint() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tokens.requireToken("a\r\nb\u0000\u00e9", "subprotocol"))
                .withMessage("subprotocol is not a token of HTTP: \"a\\u000d\\u000ab\\u0000\\u00e9\"");
        assertThat(Tokens.quote("x".repeat(64))).isEqualTo("\"" + "x".repeat(64) + "\"");
        assertThat(Tokens.quote("x".repeat(65))).isEqualTo("\"" + "x".repeat(64) + "\u2026\"");
    }

    @Test
    void areTrimmedOfSpacesAndTabsOnly() {
        assertThat(Tokens.trim(" \ta b\t ")).isEqualTo("a b");
        assertThat(Tokens.trim(" \t ")).isEmpty();
        assertThat(Tokens.trim("a\u00a0")).isEqualTo("a\u00a0");
    }
}
