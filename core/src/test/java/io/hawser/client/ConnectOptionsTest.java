// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "h\u00E4", "a\r\nX: b"})
    void refusesSubprotocolsThatAreNoTokens(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectOptions.defaults().subprotocols("chat.v1", name))
                .withMessageContaining("subprotocol");
    }

    @Test
    void refusesASubprotocolThatIsOfferedTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectOptions.defaults().subprotocols("chat.v1", "chat.v2", "chat.v1"))
                .withMessage("subprotocol chat.v1 is offered twice");
    }

    @Test
    void replacesSubprotocolsThatWereSetBefore() {
        ConnectOptions before = ConnectOptions.defaults().subprotocols("chat.v1");
        assertThat(before.subprotocols("chat.v2", "chat.v1").subprotocols()).containsExactly("chat.v2", "chat.v1");
        assertThat(before.subprotocols()).containsExactly("chat.v1");
    }
}
