// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownUriTest {
    @ParameterizedTest
    @CsvSource({
        "ws://a, ws://a",
        "wss://[::1]:8443/b/c, wss://[::1]:8443/b/c",
        "ws://a/b?access_token=secret, ws://a/b?…",
        "ws://a?, ws://a?…",
        "ws://a/b#secret, ws://a/b#…",
        "ws://ann:secret@a:81/b, ws://…@a:81/b",
        "ws://ann:secret@no_host/, ws://…@no_host/",
        "mailto:secret@a, mailto:…",
        "a/b?secret, a/b?…",
        "'', ''",
    })
    void showsNothingThatMayBeSecret(String uri, String shown) {
        assertThat(ShownUri.of(URI.create(uri))).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ws://ann:secret@a/",
        "ws://ann:secret@no_host/",
        "http://ann:secret@a/?secret",
        "ws://a:0/?secret",
        "ws://a/?secret=\u00E4",
        "ws://a/#secret",
    })
    void isWhatARefusalOfAUriHolds(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.of(URI.create(uri)))
                .withMessageStartingWith("the URI " + ShownUri.of(URI.create(uri)))
                .withMessageNotContaining("secret");
    }
}
