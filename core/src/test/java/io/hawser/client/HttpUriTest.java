// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpUriTest {
    @Test
    void putsSchemesInPlaceOfSchemes() {
        assertThat(HttpUri.of(URI.create("ws://a:81/ws?b=%20"))).hasToString("http://a:81/ws?b=%20");
        assertThat(HttpUri.of(URI.create("WSS://a"))).hasToString("https://a");
    }

    @ParameterizedTest
    @CsvSource({
        "ws://a/b, ws://a/c, true",
        "ws://a/, WS://A:80/, true",
        "wss://a/, wss://a:443/, true",
        "ws://a/, ws://a:81/, false",
        "ws://a/, ws://b/, false",
        "ws://a:443/, wss://a/, false",
        "ws://a/, wss://a/, false",
    })
    @Tag("U7")
    void tellsOriginsApart(String one, String other, boolean same) {
        assertThat(HttpUri.haveOneOrigin(URI.create(one), URI.create(other))).isEqualTo(same);
        assertThat(HttpUri.haveOneOrigin(URI.create(other), URI.create(one))).isEqualTo(same);
    }
}
