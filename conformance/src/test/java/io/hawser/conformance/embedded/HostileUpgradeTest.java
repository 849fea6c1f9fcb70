// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.embedded;

import static io.hawser.conformance.raw.UpgradeLines.CONNECTION;
import static io.hawser.conformance.raw.UpgradeLines.HOST;
import static io.hawser.conformance.raw.UpgradeLines.KEY;
import static io.hawser.conformance.raw.UpgradeLines.UPGRADE;
import static io.hawser.conformance.raw.UpgradeLines.VERSION;
import static io.hawser.conformance.raw.UpgradeLines.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.conformance.raw.RawResponse;
import io.hawser.embedded.EmbeddedHawser;
import io.hawser.netty.LeakCheck;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that ask for WebSocket, rightly, nearly or not at all, behind Netty's own codec. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class HostileUpgradeTest {
    private static final EmbeddedHawser HAWSER = EmbeddedHawser.of(
            o -> o.origins("https://friend.example"), HttpHandler.webSocket(WebSocketHandler.each(message -> message)));
    private static EventLoopGroup loops;
    private static int port;

    @BeforeAll
    static void start() {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), HAWSER.newHandler(), new OwnHttp());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @AfterAll
    static void stop() {
        HAWSER.close();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Answers whatever reaches the server's own HTTP. */
    private static final class OwnHttp extends SimpleChannelInboundHandler<HttpObject> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof LastHttpContent) {
                FullHttpResponse response = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer("own", StandardCharsets.US_ASCII));
                response.headers().set("Content-Length", 3);
                context.writeAndFlush(response);
            }
        }
    }

    private static byte[] get(List<String> more, String... lines) {
        return RawClient.head("GET /chat HTTP/1.1", with(more, lines));
    }

    /** Sends a request with a ping behind it, and asserts a refusal that nothing follows. */
    private static RawResponse expectNoTunnel(Cut cut, int status, byte[] head) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            client.send(cut, RawClient.join(head, RawFrame.of(RawFrame.PING, "tunnel?").masked()));
            RawResponse response = client.readResponse();
            assertThat(response.status()).as("%s", response).isEqualTo(status);
            assertThat(response.headers("Connection")).contains("close");
            assertThat(client.readRest()).isEmpty();
            return response;
        }
    }

    @Tag("hostile-5")
    @Tag("H1")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#inOtherWords")
    void acceptsAnUpgradeInOtherWords(List<String> lines) throws IOException {
        for (Cut cut : Cut.values()) {
            try (RawClient client = RawClient.connect(port)) {
                client.send(cut, get(lines, HOST, KEY, VERSION));
                client.expectSwitched();
                client.closeWith(1000);
            }
        }
    }

    @Tag("hostile-1")
    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "OPTIONS", "get"})
    void refusesAnUpgradeThatIsNoGet(String method) throws IOException {
        for (Cut cut : Cut.values()) {
            byte[] head = RawClient.head(method + " /chat HTTP/1.1", HOST, UPGRADE, CONNECTION, KEY, VERSION);
            assertThat(expectNoTunnel(cut, 400, head).body()).contains("must be a GET");
        }
    }

    @Tag("hostile-1")
    @Test
    void refusesAnUpgradeThatIsAHead() throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            client.send(RawClient.head("HEAD /chat HTTP/1.1", HOST, UPGRADE, CONNECTION, KEY, VERSION));
            assertThat(client.readResponseHead().status()).isEqualTo(400);
            assertThat(client.readRest()).as("a body").isEmpty();
        }
    }

    @Tag("hostile-2")
    @ParameterizedTest
    @EnumSource
    void refusesAnUpgradeInHttp10(Cut cut) throws IOException {
        byte[] head = RawClient.head("GET /chat HTTP/1.0", HOST, UPGRADE, CONNECTION, KEY, VERSION);
        assertThat(expectNoTunnel(cut, 400, head).body()).contains("HTTP/1.1");
    }

    @Tag("hostile-3")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#halves")
    void leavesHalfAnUpgradeToTheServersHttp(List<String> lines) throws IOException {
        for (Cut cut : Cut.values()) {
            try (RawClient client = RawClient.connect(port)) {
                client.send(cut, get(lines, HOST, KEY, VERSION));
                assertThat(client.readResponse().body()).isEqualTo("own");
                client.send(cut, get(List.of(UPGRADE, CONNECTION), HOST, KEY, VERSION));
                client.expectSwitched();
                client.closeWith(1000);
            }
        }
    }

    @Tag("hostile-4")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#wrongKeys")
    void refusesAKeyThatIsNot16BytesInBase64(List<String> keys) throws IOException {
        for (Cut cut : Cut.values()) {
            assertThat(expectNoTunnel(cut, 400, get(keys, HOST, UPGRADE, CONNECTION, VERSION)).body())
                    .contains("Sec-WebSocket-Key");
        }
    }

    @Tag("hostile-6")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#wrongVersions")
    void namesItsVersionToAnotherOne(List<String> versions) throws IOException {
        for (Cut cut : Cut.values()) {
            RawResponse response = expectNoTunnel(cut, 426, get(versions, HOST, UPGRADE, CONNECTION, KEY));
            assertThat(response.headers("Sec-WebSocket-Version")).containsExactly("13");
            assertThat(response.headers("Upgrade")).containsExactly("websocket");
        }
    }

    @Tag("hostile-7")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#foreignOrigins")
    void refusesForeignOrigins(List<String> origins) throws IOException {
        expectNoTunnel(Cut.WHOLE, 403, get(origins, HOST, UPGRADE, CONNECTION, KEY, VERSION));
    }

    @Tag("hostile-8")
    @ParameterizedTest
    @MethodSource("io.hawser.conformance.raw.UpgradeLines#bodies")
    void refusesAnUpgradeWithABody(String announcement, Cut cut, String body) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            byte[] head = get(List.of(announcement), HOST, UPGRADE, CONNECTION, KEY, VERSION);
            client.send(cut, RawClient.join(head, body.getBytes(StandardCharsets.ISO_8859_1)));
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers("Connection")).contains("close");
            client.expectEnd();
        }
    }

    @Tag("hostile-9")
    @Tag("H8")
    @ParameterizedTest
    @EnumSource
    void takesFramesThatComeWithTheRequest(Cut cut) throws IOException {
        byte[] looksLikeHttp = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] long20k = "x".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        try (RawClient client = RawClient.connect(port)) {
            byte[] frames = RawFrame.join(
                    new RawFrame(true, 0, RawFrame.TEXT, looksLikeHttp),
                    RawFrame.of(RawFrame.PING, "p"),
                    new RawFrame(true, 0, RawFrame.BINARY, long20k));
            client.send(cut, RawClient.join(RawClient.upgrade("/chat"), frames));
            client.expectSwitched();
            client.expectEcho(RawFrame.TEXT, looksLikeHttp);
            client.expectEcho(RawFrame.BINARY, long20k);
            client.closeWith(1000);
        }
    }
}
