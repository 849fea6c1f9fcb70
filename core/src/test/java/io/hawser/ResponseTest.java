// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
    @Test
    void holdsStatusHeadersAndBody() {
        Response response = Response.text(404, "not häre").withHeader("X-Why", "a").withHeader("x-why", "b");
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.bodyText()).isEqualTo("not häre");
        assertThat(response.headers().allValues("X-WHY")).containsExactly("a", "b");
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
        assertThat(response.webSocket()).isEmpty();
        assertThat(Response.html("<p>").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(Response.of(204).bodyBytes().remaining()).isZero();
    }

    @Test
    void cannotBeChangedFromOutside() {
        byte[] body = {1, 2};
        Response response = Response.of(200, body);
        body[0] = 9;
        assertThat(response.bodyBytes().get(0)).isEqualTo((byte) 1);
        assertThatThrownBy(() -> response.bodyBytes().put(0, (byte) 9)).isInstanceOf(ReadOnlyBufferException.class);
        response.withHeader("X", "a");
        assertThat(response.headers().map()).isEmpty();
    }

    @Test
    void readsItsBodyAsText() {
        assertThat(Response.of(200, new byte[] {'a', (byte) 0xff, 'b'}).bodyText()).isEqualTo("a\uFFFDb");
        assertThat(Response.of(204).bodyText()).isEmpty();
    }

    @Test
    void showsStatusTypeAndLength() {
        assertThat(Response.text(404, "not there").withHeader("Set-Cookie", "session=secret")).hasToString("404 text/plain, 9 bytes");
        assertThat(Response.of(200, new byte[1])).hasToString("200, 1 byte");
        assertThat(Response.of(204)).hasToString("204");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100, 101, 199, 600})
    void refusesAStatusThatEndsNoRequest(int status) {
        assertThatThrownBy(() -> Response.of(status))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(status));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\nSet-Cookie: x=y", "a\0b", "a\u007Fb", "a\u0001", "\u00E9", "\uD800"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesValuesThatCouldBeMoreThanOne(String value) {
        assertThatThrownBy(() -> Response.of(200).withHeader("X", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header X")
                .message()
                .matches("[ -~]*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "\u00E9", "a(b)", "a\0"})
    @Tag("H10")
    @Tag("hostile-16")
    void refusesNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> Response.of(200).withHeader(name, "a")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection", "upgrade", "CONTENT-LENGTH", "Transfer-Encoding"})
    @Tag("H10")
    void refusesTheServersOwnHeaders(String name) {
        assertThatThrownBy(() -> Response.of(200).withHeader(name, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("set by the server");
    }
}
