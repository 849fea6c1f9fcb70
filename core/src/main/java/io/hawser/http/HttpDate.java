// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Dates of HTTP (RFC 9110, 5.6.7), which have whole seconds. Pure functions, for any thread. */
public final class HttpDate {
    private static final DateTimeFormatter IMF_FIXDATE = formatter("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = formatter("EEE MMM ppd HH:mm:ss yyyy");

    private HttpDate() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** The form that is sent, IMF-fixdate; what is less than a second is left out. */
    public static String format(Instant instant) {
        return IMF_FIXDATE.format(instant);
    }

    /**
     * Reads a date in any of its three forms; empty if it is none.
     *
     * @param now tells the century of a year with two digits
     */
    static Optional<Instant> parse(String date, Instant now) {
        // RFC 9110 5.6.7: a recipient that parses a timestamp value in an HTTP field MUST accept all three HTTP-date formats.
        return Stream.of(IMF_FIXDATE, rfc850(now), ASCTIME).flatMap(form -> parse(date.strip(), form).stream()).findFirst();
    }

    private static Optional<Instant> parse(String date, DateTimeFormatter form) {
        try {
            return Optional.of(form.parse(date, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter rfc850(Instant now) {
        // RFC 9110 5.6.7: a timestamp that appears to be more than 50 years in the future MUST be read as the most recent year in the past that
        // had the same last two digits.
        LocalDate first = now.atZone(ZoneOffset.UTC).toLocalDate().minusYears(49);
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, first)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }
}
