// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The header lines of requests that ask for WebSocket, rightly, nearly or not at all, for whatever is to tell them apart. */
public final class UpgradeLines {
    public static final String HOST = "Host: good.example";
    public static final String UPGRADE = "Upgrade: websocket";
    public static final String CONNECTION = "Connection: Upgrade";
    public static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    public static final String VERSION = "Sec-WebSocket-Version: 13";

    private UpgradeLines() {}

    /** Lines, and more behind them. */
    public static String[] with(List<String> more, String... lines) {
        return Stream.concat(Stream.of(lines), more.stream()).toArray(String[]::new);
    }

    /** In place of {@link #UPGRADE} and {@link #CONNECTION}, and as good. */
    public static Stream<List<String>> inOtherWords() {
        return Stream.of(
                List.of("Connection: keep-alive, Upgrade", UPGRADE),
                List.of("Connection: keep-alive", CONNECTION, UPGRADE),
                List.of("connection: uPGRADE", "upgrade: WebSocket"),
                List.of("CONNECTION:Upgrade,", "UPGRADE:websocket\t "),
                List.of(CONNECTION, "Upgrade: h2c, websocket"),
                List.of(CONNECTION, UPGRADE, "Content-Length: 0"),
                List.of(CONNECTION, "Upgrade: h2c", UPGRADE));
    }

    /** In place of {@link #UPGRADE} and {@link #CONNECTION}: what asks for no upgrade to WebSocket. */
    public static Stream<List<String>> halves() {
        return Stream.of(
                List.of(),
                List.of(UPGRADE),
                List.of(CONNECTION),
                List.of(UPGRADE, "Connection: keep-alive"),
                List.of("Upgrade: websocket2", CONNECTION),
                List.of("Upgrade: web socket", CONNECTION),
                List.of(UPGRADE, "Connection: Upgrades"),
                List.of("Upgrade: h2c", CONNECTION));
    }

    /** In place of {@link #KEY}. */
    public static Stream<List<String>> wrongKeys() {
        return Stream.of(
                List.of(),
                List.of(KEY, KEY),
                List.of("Sec-WebSocket-Key:"),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==="),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR=="),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE="),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!!=="),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBs ZSBub25jZQ=="),
                List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="));
    }

    /** In place of {@link #VERSION}. */
    public static Stream<List<String>> wrongVersions() {
        return Stream.of(
                List.of(),
                List.of("Sec-WebSocket-Version: 8"),
                List.of("Sec-WebSocket-Version: 12"),
                List.of("Sec-WebSocket-Version: 13, 8"),
                List.of("Sec-WebSocket-Version: 013"),
                List.of("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8"),
                List.of("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13"));
    }

    /** Of pages that come neither from {@link #HOST} nor from https://friend.example. */
    public static Stream<List<String>> foreignOrigins() {
        return Stream.of(
                List.of("Origin: https://evil.example"),
                List.of("Origin: https://good.example.evil"),
                List.of("Origin: https://evil.good.example"),
                List.of("Origin: https://friend.example.evil"),
                List.of("Origin: https://friend.example:8443"),
                List.of("Origin: http://friend.example"),
                List.of("Origin: http://good.example:8080"),
                List.of("Origin: http://evil@good.example"),
                List.of("Origin: http://good.example/path"),
                List.of("Origin: http://good.example\u00e9"),
                List.of("Origin: null"),
                List.of("Origin:"),
                List.of("Origin: good.example"),
                List.of("Origin: http://good.example http://evil.example"),
                List.of("Origin: http://good.example", "Origin: http://good.example"),
                List.of("Origin: http://good.example", "Origin: http://evil.example"));
    }

    /** A line that announces a body, a cut, and the body or how it begins. */
    public static Stream<Arguments> bodies() {
        // The third body is a request itself, which must not be answered.
        String smuggled = new String(RawClient.head("GET /hello HTTP/1.1", HOST), StandardCharsets.ISO_8859_1);
        return Stream.of(Cut.values())
                .flatMap(cut -> Stream.of(
                        Arguments.of("Content-Length: 5", cut, "hello"),
                        Arguments.of("Content-Length: 100000", cut, "x".repeat(10_000)),
                        Arguments.of("Content-Length: " + smuggled.length(), cut, smuggled),
                        Arguments.of("Content-Length: 999999999999999999", cut, ""),
                        Arguments.of("Transfer-Encoding: chunked", cut, "5\r\nhello\r\n0\r\n\r\n"),
                        Arguments.of("Transfer-Encoding: chunked", cut, "ffffffff\r\n")));
    }
}
