// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine under a server of sockets that is not Hawser's; needs sockets, as they are what that server adds. */
@Timeout(60)
class NioEchoServerTest {
    private static final String UPGRADE = """
            GET / HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """;

    private static NioEchoServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new NioEchoServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A frame with a mask of zeros, so that it can be read here; up to 125 bytes. */
    private static String frame(int first, String payload) {
        return (char) first + "" + (char) (0x80 | payload.length()) + "\0\0\0\0" + payload;
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** What comes back for bytes that are sent in writes of that length, without the 101. */
    private static String sent(int writeLength, String bytes) throws IOException {
        try (Socket socket = connect()) {
            byte[] all = bytes.getBytes(ISO_8859_1);
            for (int at = 0; at < all.length; at += writeLength) {
                socket.getOutputStream().write(all, at, Math.min(writeLength, all.length - at));
            }
            String back = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(back).startsWith("HTTP/1.1 101 ").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            return back.substring(back.indexOf("\r\n\r\n") + 4);
        }
    }

    @Test
    void talksWithOurClient() {
        try (WebSocket socket = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/")) {
            socket.send("ahoy ⚓");
            assertThat(socket.receive().text()).isEqualTo("ahoy ⚓");
            BinaryMessage large = BinaryMessage.of(new byte[1 << 20]);
            socket.send(large);
            socket.send(large);
            assertThat(socket.receive()).isEqualTo(large);
            assertThat(socket.receive()).isEqualTo(large);
            assertThat(socket.ping()).isPositive();
            assertThat(socket.close(4001, "enough").clean()).isTrue();
        }
    }

    /** Text in fragments with a ping between them, then a close, in one write and byte by byte. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1 << 20})
    void joinsFragmentsHoweverTheyAreCut(int writeLength) throws IOException {
        String frames = frame(0x01, "ah") + frame(0x89, "?") + frame(0x80, "oy") + frame(0x88, "\u0003\u00e8");
        assertThat(sent(writeLength, UPGRADE + frames)).isEqualTo("\u008a\1?" + "\u0081\4ahoy" + "\u0088\2\u0003\u00e8");
    }

    @ParameterizedTest
    @CsvSource({"0x81, c3, 1007", "0xC1, 61, 1002", "0x83, 61, 1002", "0x80, 61, 1002", "0x09, 61, 1002"})
    void failsWhoBreaksTheRules(String first, String payload, int code) throws IOException {
        String wrong = frame(Integer.decode(first), String.valueOf((char) Integer.parseInt(payload, 16)));
        String close = sent(1, UPGRADE + wrong);
        assertThat(close).startsWith("\u0088");
        assertThat(close.charAt(2) << 8 | close.charAt(3)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: websocket|Upgrade: h2c|400",
                "Version: 13|Version: 8|426",
                "Host: 127.0.0.1|Host : 127.0.0.1|400",
                "Host: 127.0.0.1|Host: a, b: c|101",
                "Sec-WebSocket-Key: d|Sec-WebSocket-Key: |400",
                "Host: 127.0.0.1|Origin: http://evil.example, Host: 127.0.0.1|403",
                "GET / |POST / |400",
                "GET / |GET|400"
            })
    void answersTheHandshake(String right, String other, int status) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(UPGRADE.replace(right, other.replace(", ", "\r\n")).getBytes(ISO_8859_1));
            String line = new String(socket.getInputStream().readNBytes(13), ISO_8859_1);
            assertThat(line).isEqualTo("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void refusesAHeadWithoutEnd() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nA: " + "a".repeat(9_000)).getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1)).startsWith("HTTP/1.1 431 ");
        }
    }

    /** Input waits while its answers do: more is sent than all buffers hold before anything is read. */
    @Test
    void waitsForASlowReader() throws Exception {
        int messages = 1_000;
        byte[] frame = ByteBuffer.allocate(14 + (64 << 10))
                .put((byte) 0x82)
                .put((byte) 0xFF)
                .putLong(64 << 10)
                .array();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(UPGRADE.getBytes(ISO_8859_1));
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < messages; i++) {
                        socket.getOutputStream().write(frame);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.skipNBytes(129);
            for (int i = 0; i < messages; i++) {
                in.skipNBytes(10 + (64 << 10));
            }
            sender.join();
        }
    }

    @Test
    void goesAwayPolitely() throws IOException {
        try (NioEchoServer other = new NioEchoServer();
                WebSocket socket = HawserClient.shared().connect("ws://127.0.0.1:" + other.port() + "/")) {
            other.close();
            assertThat(socket.closed().toCompletableFuture().join().status().code()).isEqualTo(1001);
        }
    }
}
