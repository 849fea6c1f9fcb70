// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFieldsTest {
    /** RFC 9110 5.6.7 has it as an example. */
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

    @Test
    void addsLengthAndDate() {
        assertThat(HeaderFields.of(Response.text(200, "Müller"), true, NOW))
                .containsExactly(
                        entry("Content-Type", "text/plain; charset=utf-8"), entry("content-length", "7"), entry("date", DATE));
    }

    @Test
    void keepsTheApplicationsDate() {
        assertThat(HeaderFields.of(Response.of(200).withHeader("DATE", "then"), true, NOW))
                .containsExactly(entry("DATE", "then"), entry("content-length", "0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void addsNoLengthWhereThereIsNoBody(int status) {
        assertThat(HeaderFields.of(Response.of(status), true, NOW)).containsExactly(entry("date", DATE));
    }

    @Test
    void saysThatTheConnectionEnds() {
        assertThat(HeaderFields.of(Response.of(204), false, NOW)).containsExactly(entry("connection", "close"), entry("date", DATE));
    }

    @Test
    void saysWhatToUpgradeTo() {
        assertThat(HeaderFields.of(Response.of(426), false, NOW))
                .containsExactly(
                        entry("content-length", "0"),
                        entry("upgrade", "websocket"),
                        entry("connection", "upgrade"),
                        entry("connection", "close"),
                        entry("date", DATE));
    }

    @Test
    void showsReceivedFieldsByNamesWhoseCaseDoesNotCount() {
        var seen = HeaderFields.received(List.of(entry("A", "1"), entry("b", "2"), entry("a", "3")));
        assertThat(seen.allValues("a")).containsExactly("1", "3");
        assertThat(seen.allValues("B")).containsExactly("2");
    }
}
