// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("H7")
@Tag("hostile-7")
class OriginCheckTest {
    private final OriginCheck own = new OriginCheck(Set.of());
    private final OriginCheck listed =
            new OriginCheck(Set.of("https://good.example", "http://[::1]:3000", "HTTP://Other:80"));

    @Test
    void permitsARequestThatComesFromNoPage() {
        assertThat(own.permits(headers(List.of(), List.of("example.com")), true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com, example.com",
        "http://EXAMPLE.com, Example.COM",
        "http://example.com:80, example.com",
        "http://example.com, example.com:80",
        "https://example.com, example.com:443",
        "https://example.com, example.com",
        "http://localhost:8080, localhost:8080",
        "http://127.0.0.1:8080, 127.0.0.1:8080",
        "http://[::1]:8080, [::1]:8080",
        "http://[::1], [::1]:80"
    })
    void permitsPagesOfTheHostAndPortThatIsAddressed(String origin, String host) {
        assertThat(permits(own, origin, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.com, example.com:8080",
        "http://example.com:8080, example.com",
        "http://example.com, www.example.com",
        "http://example.com.evil, example.com",
        "http://evil/example.com, example.com",
        "http://user@example.com, example.com",
        "http://example.com@evil, example.com",
        "http://example.com:, example.com",
        "http://example.com:8o, example.com:8o",
        "http://example.com:1/, example.com:1/",
        "http://, example.com",
        "://example.com, example.com",
        "h ttp://example.com, example.com",
        "null, example.com",
        "example.com, example.com",
        "'', example.com",
        "http://[::1, [::1",
        "http://[::1]x:80, [::1]"
    })
    void refusesEveryOtherPage(String origin, String host) {
        assertThat(permits(own, origin, host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://good.example", "https://GOOD.example:443", "http://[::1]:3000", "http://other"})
    void permitsTheOriginsOnTheList(String origin) {
        assertThat(permits(listed, origin, "elsewhere")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "https://good.example.evil", "http://good.example", "https://good.example:444", "https://xgood.example", "null"
    })
    void refusesWhatOnlyLooksLikeAnOriginOnTheList(String origin) {
        assertThat(permits(listed, origin, "elsewhere")).isFalse();
    }

    @Test
    void refusesTwoOriginsAndTwoHosts() {
        List<String> twice = List.of("https://good.example", "https://good.example");
        assertThat(listed.permits(headers(twice, List.of("a")), false)).isFalse();
        assertThat(own.permits(headers(List.of("http://a"), List.of("a", "a")), false)).isFalse();
        assertThat(own.permits(headers(List.of("http://a"), List.of()), false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"good.example", "*", "null", "", "https://", "https://a/b"})
    void refusesAListOfAnythingElse(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OriginCheck(Set.of(origin)))
                .withMessageContaining("\"" + origin + "\"");
    }

    @Test
    void permitsPagesOfTheHostThatCameOverTlsOnlyWhereTheRequestDid() {
        List<String> host = List.of("example.com");
        assertThat(own.permits(headers(List.of("https://example.com"), host), true)).isTrue();
        assertThat(own.permits(headers(List.of("http://example.com"), host), true)).isFalse();
        assertThat(own.permits(headers(List.of("http://example.com"), List.of("example.com:80")), true)).isFalse();
        assertThat(listed.permits(headers(List.of("http://[::1]:3000"), host), true)).isTrue();
    }

    private static boolean permits(OriginCheck check, String origin, String host) {
        return check.permits(headers(List.of(origin), List.of(host)), false);
    }

    private static HandshakeHeaders headers(List<String> origins, List<String> hosts) {
        return name -> switch (name) {
            case "Origin" -> origins;
            case "Host" -> hosts;
            default -> throw new AssertionError(name);
        };
    }
}
