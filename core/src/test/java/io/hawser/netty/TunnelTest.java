// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.ConnectFailedException;
import io.hawser.UpgradeRefusedException;
import io.hawser.connection.LiveConnection;
import io.hawser.network.Proxies;
import io.hawser.network.UpgradeSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** On an embedded channel, whose clock stands until a test moves it. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
@Tag("U5")
class TunnelTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String HTTP_CONSENT = "HTTP/1.1 200 OK\r\n\r\n";
    /** No authorisation; succeeded, and an address that nobody needs. */
    private static final String SOCKS_CONSENT = "\u0005\0\u0005\0\0\u0001\0\0\0\0\0\0";
    private static final String REFUSAL = "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno";

    private final CompletableFuture<LiveConnection> opened = new CompletableFuture<>();
    private final Socket socket = new Socket();

    /** Active from when it is connected, as a socket is. */
    private static final class Socket extends EmbeddedChannel {
        private boolean connected;

        Socket() {
            freezeTime();
        }

        @Override
        public boolean isActive() {
            return connected && super.isActive();
        }
    }

    @AfterEach
    void close() {
        socket.finishAndReleaseAll();
    }

    private void begin(Proxy.Type type) {
        InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), 3128);
        Proxy way = new Proxy(type, proxy);
        UpgradeSettings settings = new UpgradeSettings(
                "ws://server.invalid/",
                Optional.empty(),
                "server.invalid",
                80,
                "server.invalid",
                "/",
                List.of(),
                List.of(),
                Optional.empty(),
                "dGhlIHNhbXBsZSBub25jZQ==",
                TIMEOUT,
                System.nanoTime() + TIMEOUT.toNanos(),
                new Proxies(List.of(way), Optional.empty(), (unreached, failure) -> {}),
                Optional.empty(),
                16 << 10);
        Tunnel tunnel = new Tunnel(way, settings, new UpgradeAttempt(null, settings, Optional.empty(), null, opened));
        tunnel.install(socket, proxy);
        socket.connect(tunnel.destination());
        socket.connected = true;
        tunnel.start(socket);
        socket.pipeline().fireChannelActive();
    }

    private void answer(String latin1) {
        socket.writeInbound(Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1));
    }

    private String asked() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf sent = socket.readOutbound(); sent != null; sent = socket.readOutbound()) {
            all.append(sent.toString(StandardCharsets.ISO_8859_1));
            sent.release();
        }
        return all.toString();
    }

    private void assertThatItFails(String how) {
        assertThat(opened).isDone();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(opened::join)
                .havingCause()
                .isInstanceOf(ConnectFailedException.class)
                .withMessage("cannot connect to ws://server.invalid/: " + how);
        assertThat(socket.isOpen()).isFalse();
    }

    @Test
    void asksForNothingBeforeTheProxyConsents() {
        begin(Proxy.Type.HTTP);
        assertThat(asked()).startsWith("CONNECT server.invalid:80 HTTP/1.1\r\n").endsWith("\r\n\r\n");
        answer("HTTP/1.1 200 OK\r\n\r");
        assertThat(asked()).isEmpty();
        answer("\n");
        assertThat(asked()).startsWith("GET / HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SOCKS"})
    void takesAnswersHoweverTheyAreCut(Proxy.Type type) {
        String answer = (type == Proxy.Type.HTTP ? HTTP_CONSENT : SOCKS_CONSENT) + REFUSAL;
        for (int cut = 0; cut < answer.length(); cut++) {
            TunnelTest fresh = new TunnelTest();
            fresh.begin(type);
            fresh.answer(answer.substring(0, cut));
            fresh.answer(answer.substring(cut));
            assertThat(fresh.opened).isDone();
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(fresh.opened::join)
                    .havingCause()
                    .isInstanceOf(UpgradeRefusedException.class)
                    .withMessageEndingWith("with status 503");
            fresh.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP, the HTTP proxy", "SOCKS, the SOCKS proxy"})
    @Tag("hostile-15")
    void givesUpOnAProxyThatNeverAnswers(Proxy.Type type, String name) {
        begin(type);
        socket.advanceTimeBy(TIMEOUT.toMillis() - 1000, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThat(opened).isNotDone();
        socket.advanceTimeBy(1000, TimeUnit.MILLISECONDS);
        socket.runScheduledPendingTasks();
        assertThatItFails(name + " 127.0.0.1:3128 did not answer within PT10S");
    }

    @Test
    @Tag("hostile-15")
    void saysThatAProxyIsOfAnotherKind() {
        begin(Proxy.Type.SOCKS);
        answer("HTTP/1.1 400 Bad Request\r\n\r\n");
        assertThatItFails("the SOCKS proxy 127.0.0.1:3128 gave an answer that cannot be read: unsupported version: 72 (expected: 5)");
    }

    @Test
    @Tag("hostile-15")
    void saysHowAConnectionEnded() {
        begin(Proxy.Type.HTTP);
        socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThatItFails("the HTTP proxy 127.0.0.1:3128 closed the connection before it answered");
    }

    @Test
    @Tag("hostile-15")
    void saysHowAConnectionBroke() {
        begin(Proxy.Type.HTTP);
        socket.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        assertThatItFails("the HTTP proxy 127.0.0.1:3128 broke the connection: Connection reset by peer");
    }
}
