// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    /** RFC 9110 5.6.7 has these as examples. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", " Sun, 06 Nov 1994 08:49:37 GMT "
            })
    void readsAllThreeForms(String date) {
        assertThat(HttpDate.parse(date, NOW)).contains(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun Nov 16 08:49:37 2008         | 2008-11-16T08:49:37Z",
                "Saturday, 01-Jan-77 00:00:00 GMT | 1977-01-01T00:00:00Z",
                "Wednesday, 01-Jan-70 00:00:00 GMT | 2070-01-01T00:00:00Z",
                "Wednesday, 01-Jan-31 00:00:00 GMT | 2031-01-01T00:00:00Z",
            })
    void readsYearsOfTwoDigitsAsThoseNearest(String date, Instant instant) {
        assertThat(HttpDate.parse(date, NOW)).contains(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "now", "1994-11-06T08:49:37Z", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "0"
            })
    void takesNothingElse(String date) {
        assertThat(HttpDate.parse(date, NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1994-11-06T08:49:37.9Z | Sun, 06 Nov 1994 08:49:37 GMT", "2026-10-12T00:00:00Z | Mon, 12 Oct 2026 00:00:00 GMT"})
    void writesTheFirstForm(Instant instant, String date) {
        assertThat(HttpDate.format(instant)).isEqualTo(date);
    }
}
