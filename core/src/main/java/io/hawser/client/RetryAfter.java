// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocketException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** How long a server that refuses asks to be left alone: {@code Retry-After} (RFC 9110, 10.2.3). */
final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]+");

    private RetryAfter() {}

    /**
     * What a failure asks for.
     *
     * @param now what a date is compared with
     * @param max what more is cut to
     * @return zero if it asks for nothing that can be understood
     */
    static Duration of(WebSocketException failure, Instant now, Duration max) {
        if (failure instanceof UpgradeRefusedException refused) {
            return refused.headers()
                    .firstValue("Retry-After")
                    .map(value -> read(value.strip(), now, max))
                    .orElse(Duration.ZERO);
        }
        return Duration.ZERO;
    }

    // RFC 9110 10.2.3: Retry-After = HTTP-date / delay-seconds
    private static Duration read(String value, Instant now, Duration max) {
        if (SECONDS.matcher(value).matches()) {
            BigInteger seconds = new BigInteger(value);
            boolean fits = seconds.compareTo(BigInteger.valueOf(max.toSeconds())) <= 0;
            return fits ? Duration.ofSeconds(seconds.longValueExact()) : max;
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration left = Duration.between(now, date);
            return left.isNegative() ? Duration.ZERO : left.compareTo(max) > 0 ? max : left;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
