// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectOptionsTest {
    private static final ConnectOptions DEFAULTS = ConnectOptions.defaults();

    /** The examples of RFC 7617, 2 and 2.1. */
    @Test
    void authorisesByNameAndPassword() {
        assertThat(DEFAULTS.basic("Aladdin", "open sesame").headers)
                .containsExactly(Map.entry("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        assertThat(DEFAULTS.basic("test", "123\u00A3").headers)
                .containsExactly(Map.entry("Authorization", "Basic dGVzdDoxMjPCow=="));
    }

    /** The example of RFC 6750, 2.1. */
    @Test
    void authorisesByToken() {
        assertThat(DEFAULTS.bearer("mF_9.B5f-4.1JqM").headers)
                .containsExactly(Map.entry("Authorization", "Bearer mF_9.B5f-4.1JqM"));
        assertThat(DEFAULTS.bearer("a+/~==").headers).containsExactly(Map.entry("Authorization", "Bearer a+/~=="));
    }

    @Test
    void authorisesOnce() {
        assertThat(DEFAULTS.header("authorization", "Digest x")
                        .header("X-Other", "stays")
                        .basic("user", "secret")
                        .bearer("token")
                        .headers)
                .containsExactly(Map.entry("X-Other", "stays"), Map.entry("Authorization", "Bearer token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "a b", "a=b", "token,", "t\u00F6ken", "a\r\nEvil: 1"})
    void refusesTokensThatAreNone(String token) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.bearer(token))
                .withMessageStartingWith("a bearer token holds")
                .withMessageContaining("of " + token.length() + " characters");
    }

    @Test
    void refusesCredentialsThatWouldNotArrive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.basic("us:er", "secret"))
                .withMessage("the user's name holds a colon, which would end it: us:er");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.basic("user", "sec\nret"))
                .withMessage("the user's name or the password holds a control character");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.proxyCredentials("us:er", "secret"))
                .withMessageContaining("colon");
    }

    @Tag("hostile-16")
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "h\u00E4", "a\r\nX: b"})
    void refusesSubprotocolsThatAreNoTokens(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.subprotocols("chat.v1", name))
                .withMessageContaining("subprotocol");
    }

    @Test
    void refusesASubprotocolThatIsOfferedTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.subprotocols("chat.v1", "chat.v2", "chat.v1"))
                .withMessage("subprotocol chat.v1 is offered twice");
    }

    @Test
    void replacesSubprotocolsThatWereSetBefore() {
        ConnectOptions before = DEFAULTS.subprotocols("chat.v1");
        assertThat(before.subprotocols("chat.v2", "chat.v1").subprotocols).containsExactly("chat.v2", "chat.v1");
        assertThat(before.subprotocols).containsExactly("chat.v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-0.000000001S", "PT0S", "PT24H0.000000001S", "PT2562047788015215H30M7S"})
    void refusesTimesThatNobodyWaits(Duration time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.connectTimeout(time))
                .withMessage("connectTimeout must be positive and a day at most, not " + time);
    }

    @Test
    void takesATimeOfADay() {
        assertThat(DEFAULTS.connectTimeout(Duration.ofDays(1)).connectTimeout).isEqualTo(Duration.ofDays(1));
    }
}
