// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.embedded.EmbeddedHawser;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the guide to embedding shows of Netty, run; of the engine alone, {@code NioEchoServerTest} does. */
@Timeout(60)
class EmbeddingGuideTest {
    private static final HttpHandler CHAT = HttpHandler.webSocket(WebSocketHandler.each(message -> message));

    @Test
    void talksInTheApplicationsPipelines() throws Exception {
        for (EmbeddedHawser hawser : new EmbeddedHawser[] {
            EmbeddingGuideCode.embedded(CHAT), EmbeddingGuideCode.withoutTimeout(CHAT)
        }) {
            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            Channel listening = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(EmbeddingGuideCode.pipelines(hawser))
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            String host = "127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort();
            try (HttpClient http = HttpClient.newHttpClient();
                    WebSocket socket = HawserClient.shared().connect("ws://" + host + "/chat")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/page")).build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("mine: /page");
                socket.send("ahoy");
                assertThat(socket.receive().text()).isEqualTo("ahoy");
                EmbeddingGuideCode.stop(hawser, loops);
                assertThat(socket.closed().toCompletableFuture().join().status().code()).isEqualTo(1001);
            }
            loops.terminationFuture().sync();
        }
    }
}
