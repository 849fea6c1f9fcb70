// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import io.hawser.HttpHandler;
import io.hawser.embedded.EmbeddedHawser;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;

/** What the guide to embedding shows of Netty. */
final class EmbeddingGuideCode {
    private EmbeddingGuideCode() {}

    static EmbeddedHawser embedded(HttpHandler chat) {
        EmbeddedHawser hawser = EmbeddedHawser.of(o -> o.paths("/chat").origins("https://example.com"), chat);
        return hawser;
    }

    static ChannelInitializer<Channel> pipelines(EmbeddedHawser hawser) {
        ChannelInitializer<Channel> pipelines = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(1 << 20),
                        hawser.newHandler(),
                        new MyHttpHandler());
            }
        };
        return pipelines;
    }

    static void stop(EmbeddedHawser hawser, EventLoopGroup loops) {
        hawser.close(); // before the loops end
        loops.shutdownGracefully();
    }

    static EmbeddedHawser withoutTimeout(HttpHandler chat) {
        EmbeddedHawser hawser = EmbeddedHawser.of(o -> o.alsoRemove(ReadTimeoutHandler.class::isInstance), chat);
        return hawser;
    }

    /** The application's own HTTP. */
    static final class MyHttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, ByteBufUtil.writeUtf8(context.alloc(), "mine: " + request.uri()));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            context.writeAndFlush(response);
        }
    }
}
