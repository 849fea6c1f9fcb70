// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionListTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x | x",
        "a, b | a, b",
        ",, a ,,b,  | a, b",
        "x;p | x; p",
        "x ; p ; q | x; p; q",
        "x; p=1 | x; p=1",
        "x; p = 1 ; p=2 | x; p=1; p=2",
        "x; p=\"10\" | x; p=10",
        "x; p=\"1\\0\" ;q, y | x; p=10; q, y",
    })
    void readsTheGrammarOfTheRfc(String value, String expected) {
        assertThat(ExtensionList.parse(List.of(value))).hasValueSatisfying(extensions ->
                assertThat(extensions).hasToString("[" + expected + "]"));
    }

    @Test
    void readsSeveralHeadersAndNone() {
        assertThat(ExtensionList.parse(List.of("a", "b;c"))).hasValueSatisfying(extensions ->
                assertThat(extensions).hasToString("[a, b; c]"));
        assertThat(ExtensionList.parse(List.of())).hasValueSatisfying(extensions -> assertThat(extensions).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", ",", ";", "=", "a b", "a;", "a;;b", "a; b c", "a; =1", "a; b=", "a; b=;c", "a; b=\"", "a; b=\"1",
        "a; b=\"\"", "a; b=\"1 2\"", "a; b=\"1\\", "a; b=\"1\"2", "a; b='(", "\"a\"", "a/b", "\u00e9", ";p", "a; b=1=2"
    })
    void refusesEverythingElse(String value) {
        assertThat(ExtensionList.parse(List.of(value))).isEmpty();
        assertThat(ExtensionList.parse(List.of("x", value))).isEmpty();
    }
}
