// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("U7")
class RedirectTest {
    @Test
    void knowsTheStatus() {
        assertThat(IntStream.range(100, 600).filter(Redirect::is)).containsExactly(301, 302, 303, 307, 308);
    }

    @ParameterizedTest
    @CsvSource({
        "ws://a/b/c?d, ws://x/y, ws://x/y",
        "ws://a/b/c?d, http://x/y?z=%20, ws://x/y?z=%20",
        "ws://a/b/c?d, WSS://X:8443/, wss://X:8443/",
        "ws://a/b/c?d, https://x, wss://x",
        "wss://a/b/c?d, https://x/, wss://x/",
        "wss://a/b/c?d, //x/y, wss://x/y",
        "ws://a/b/c?d, /y?z, ws://a/y?z",
        "ws://a/b/c?d, y, ws://a/b/y",
        "ws://a/b/c?d, ../y, ws://a/y",
        "ws://a/b/c?d, ?z, ws://a/b/c?z",
        "ws://a/b/c?d, '', ws://a/b/c?d",
        "ws://a/b/c?d, #part, ws://a/b/c?d",
        "ws://a/b/c?d, /y#part, ws://a/y",
        "ws://a:81, y, ws://a:81/y",
        "ws://a?d, ?z, ws://a/?z",
        "ws://[::1]:81/b, c, ws://[::1]:81/c",
        "WS://a/b, c, ws://a/c",
    })
    void leadsTo(String from, String location, String target) {
        assertThat(Redirect.target(URI.create(from), List.of(location))).hasToString(target);
    }

    @ParameterizedTest
    @CsvSource({
        "wss://a/, ws://a/, it leads from wss to ws",
        "wss://a/, http://a/, it leads from wss to http",
        "WSS://a/, ws://a/, it leads from wss to ws",
        "ws://a/, ftp://a/, it leads to the scheme ftp",
        "ws://a/, mailto:b@a, it leads to the scheme mailto",
        "ws://a/, http:b, its Location names no host",
        "ws://a/, http://a b/, its Location is no URI: Illegal character in authority",
    })
    void leadsNowhere(String from, String location, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Redirect.target(URI.create(from), List.of(location)))
                .withMessageStartingWith(why);
    }

    @Test
    void namesOnePlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Redirect.target(URI.create("ws://a/"), List.of()))
                .withMessage("it has 0 fields Location, not one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Redirect.target(URI.create("ws://a/"), List.of("/b", "/c")))
                .withMessage("it has 2 fields Location, not one");
    }
}
