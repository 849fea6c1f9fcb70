// SPDX-License-Identifier: Apache-2.0

package io.hawser.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Test
    void beginWithTheDefaultsThatAreDocumented() {
        assertThat(DEFAULTS.host()).isEqualTo("127.0.0.1");
        assertThat(DEFAULTS.port()).isEqualTo(8080);
        assertThat(DEFAULTS.transport()).isEqualTo(Transport.AUTO);
        assertThat(DEFAULTS.loops()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(DEFAULTS.grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(DEFAULTS.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(DEFAULTS.maxRequestLineBytes()).isEqualTo(8192);
        assertThat(DEFAULTS.maxHeaderBytes()).isEqualTo(16_384);
        assertThat(DEFAULTS.maxHeaders()).isEqualTo(100);
        assertThat(DEFAULTS.blockedLoopWarning()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void keepWhatWasSetBeforeAndLeaveTheOriginal() {
        ServerOptions changed = DEFAULTS.host("::1")
                .port(0)
                .transport(Transport.NIO)
                .loops(3)
                .webSocket(o -> o.maxFragments(7))
                .webSocket(o -> o.rawFragments(true))
                .grace(Duration.ZERO)
                .handshakeTimeout(Duration.ofNanos(1))
                .maxRequestLineBytes(1)
                .maxHeaderBytes(2)
                .maxHeaders(4)
                .blockedLoopWarning(Duration.ofNanos(5));
        assertThat(changed.host()).isEqualTo("::1");
        assertThat(changed.port()).isZero();
        assertThat(changed.blockedLoopWarning()).isEqualTo(Duration.ofNanos(5));
        assertThat(changed.transport()).isEqualTo(Transport.NIO);
        assertThat(changed.loops()).isEqualTo(3);
        assertThat(changed.webSocket().engineSettings().limits().fragments()).isEqualTo(7);
        assertThat(changed.webSocket().rawFragments()).isTrue();
        assertThat(changed.grace()).isZero();
        assertThat(changed.handshakeTimeout()).isEqualTo(Duration.ofNanos(1));
        assertThat(changed.maxRequestLineBytes()).isEqualTo(1);
        assertThat(changed.maxHeaderBytes()).isEqualTo(2);
        assertThat(changed.maxHeaders()).isEqualTo(4);
        assertThat(ServerOptions.defaults().port()).isEqualTo(8080);
    }

    @Test
    void refuseValuesOutOfRange() {
        List<UnaryOperator<ServerOptions>> wrong = List.of(
                o -> o.port(-1),
                o -> o.port(65_536),
                o -> o.loops(0),
                o -> o.grace(Duration.ofNanos(-1)),
                o -> o.grace(Duration.ofDays(1).plusNanos(1)),
                o -> o.handshakeTimeout(Duration.ofSeconds(Long.MAX_VALUE)),
                o -> o.blockedLoopWarning(Duration.ofDays(2)),
                o -> o.handshakeTimeout(Duration.ZERO),
                o -> o.handshakeTimeout(Duration.ofNanos(-1)),
                o -> o.maxRequestLineBytes(0),
                o -> o.maxHeaderBytes(0),
                o -> o.maxHeaders(0),
                o -> o.blockedLoopWarning(Duration.ofNanos(-1)),
                o -> o.origins("example.com"),
                o -> o.origins("https://"),
                o -> o.origins("https://a/b"));
        for (UnaryOperator<ServerOptions> change : wrong) {
            assertThatThrownBy(() -> change.apply(DEFAULTS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".+");
        }
    }

    @Test
    @Tag("H7")
    void permitOriginsThatAreListed() {
        ServerOptions options = DEFAULTS.origins("https://good.example", "http://good.example:8080");
        assertThat(permits(options, "https://good.example")).isTrue();
        assertThat(permits(options, "https://GOOD.example:443")).isTrue();
        assertThat(permits(options, "http://good.example:8080")).isTrue();
        assertThat(permits(options, "http://good.example")).isFalse();
        assertThat(permits(options, "https://good.example.evil")).isFalse();
        assertThat(permits(options, "null")).isFalse();
        assertThat(permits(DEFAULTS, "http://localhost")).isTrue();
    }

    private static boolean permits(ServerOptions options, String origin) {
        Map<String, List<String>> headers = Map.of("Origin", List.of(origin), "Host", List.of("localhost"));
        return options.origins().permits(name -> headers.getOrDefault(name, List.of()), false);
    }
}
