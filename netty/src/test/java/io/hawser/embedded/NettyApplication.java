// SPDX-License-Identifier: Apache-2.0

package io.hawser.embedded;

import io.hawser.Transport;
import io.hawser.netty.TransportCheck;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A Netty application on a loop of its own, with Hawser's handler in its pipelines where a test puts it. */
final class NettyApplication implements AutoCloseable {
    private final EmbeddedHawser hawser;
    private final EventLoopGroup loops;
    private final Channel listening;

    private NettyApplication(EmbeddedHawser hawser, Transport transport, Consumer<ChannelPipeline> handlers) {
        this.hawser = hawser;
        this.loops = new MultiThreadIoEventLoopGroup(1, ioHandlers(transport));
        this.listening = new ServerBootstrap()
                .group(loops)
                .channel(channelType(transport))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        handlers.accept(channel.pipeline());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** The simplest pipeline. */
    static NettyApplication with(EmbeddedHawser hawser) {
        return with(hawser, Transport.NIO);
    }

    /** The same on a transport; skips the test where that does not work. */
    static NettyApplication with(EmbeddedHawser hawser, Transport transport) {
        TransportCheck.assumeWorks(transport);
        return new NettyApplication(
                hawser, transport, pipeline -> pipeline.addLast(new HttpServerCodec(), hawser.newHandler(), new OwnHttp()));
    }

    static NettyApplication with(EmbeddedHawser hawser, Consumer<ChannelPipeline> handlers) {
        return new NettyApplication(hawser, Transport.NIO, handlers);
    }

    private static IoHandlerFactory ioHandlers(Transport transport) {
        return switch (transport) {
            case NIO -> NioIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
            case AUTO, MEMORY -> throw new IllegalArgumentException("Netty has no transport " + transport);
        };
    }

    private static Class<? extends ServerChannel> channelType(Transport transport) {
        return switch (transport) {
            case NIO -> NioServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
            case AUTO, MEMORY -> throw new IllegalArgumentException("Netty has no transport " + transport);
        };
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    public void close() {
        hawser.close(); // before its loops end
        listening.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** The application's own HTTP: answers with what was asked for. */
    static class OwnHttp extends SimpleChannelInboundHandler<HttpObject> {
        private String asked = "";
        private int bytes;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest request) {
                asked = request.method() + " " + request.uri();
                bytes = 0;
            }
            if (message instanceof HttpContent content) {
                bytes += content.content().readableBytes();
            }
            if (message instanceof LastHttpContent) {
                answer(context, asked + " with " + bytes + " bytes");
            }
        }

        void answer(ChannelHandlerContext context, String text) {
            context.writeAndFlush(response(context, text));
        }

        static FullHttpResponse response(ChannelHandlerContext context, String text) {
            ByteBuf body = ByteBufUtil.writeUtf8(context.alloc(), text);
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
            return response;
        }
    }
}
