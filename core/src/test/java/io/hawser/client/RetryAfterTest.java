// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.ConnectFailedException;
import io.hawser.UpgradeRefusedException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1999-12-31T23:59:00Z");
    private static final Duration MAX = Duration.ofSeconds(90);

    private static Duration read(Map<String, List<String>> headers) {
        HttpHeaders fields = HttpHeaders.of(headers, (name, value) -> true);
        UpgradeRefusedException refused = new UpgradeRefusedException("ws://x", 503, fields, ByteBuffer.allocate(0));
        return RetryAfter.of(refused, NOW, MAX);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0                             | 0",
        "7                             | 7",
        "007                           | 7",
        "90                            | 90",
        "91                            | 90",
        "99999999999999999999999999999 | 90",
        "Fri, 31 Dec 1999 23:59:59 GMT | 59",
        "Fri, 31 Dec 1999 23:58:59 GMT | 0",
        "Sat, 01 Jan 2000 23:59:59 GMT | 90",
        "-1                            | 0",
        "soon                          | 0",
        "''                            | 0",
        "7.5                           | 0",
    })
    @Tag("U7")
    void readsSecondsAndDatesUpToTheLongest(String value, long seconds) {
        assertThat(read(Map.of("retry-after", List.of(value)))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void asksForNothingWhereNothingIsSaid() {
        assertThat(read(Map.of())).isZero();
        assertThat(RetryAfter.of(new ConnectFailedException("nobody there", null), NOW, MAX)).isZero();
    }
}
