// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.server.HawserServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The least that answers a request of plain HTTP, by Hawser and by Netty alone, for {@code benchmarks/plain-http} to compare. */
public final class PlainHttp {
    private static final String TEXT = "Hello, World!";

    private PlainHttp() {}

    /**
     * Serves until the process ends.
     *
     * @param arguments {@code loop} for a handler of Hawser's on the event loop, {@code thread} for one that may block, {@code netty} for Netty
     *     alone; the port; {@code io_uring}, {@code epoll} or {@code nio}
     */
    public static void main(String[] arguments) throws InterruptedException {
        int port = Integer.parseInt(arguments[1]);
        Transport transport = Transport.valueOf(arguments[2].toUpperCase(Locale.ROOT));
        switch (arguments[0]) {
            case "loop" -> {
                CompletionStage<Response> answer = CompletableFuture.completedStage(Response.text(TEXT));
                serve(port, transport, HttpHandler.async(request -> answer));
            }
            case "thread" -> serve(port, transport, request -> Response.text(TEXT));
            case "netty" -> serveByNetty(port, transport);
            default -> throw new IllegalArgumentException("loop, thread or netty, not " + arguments[0]);
        }
        Thread.currentThread().join();
    }

    private static void serve(int port, Transport transport, HttpHandler handler) {
        HawserServer.start(o -> o.port(port).transport(transport).loops(1), handler);
    }

    private static void serveByNetty(int port, Transport transport) {
        Drive drive = drive(transport);
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, drive.handlers()))
                .channel(drive.channel())
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new Hello());
                    }
                })
                .bind("127.0.0.1", port)
                .syncUninterruptibly();
    }

    private record Drive(IoHandlerFactory handlers, Class<? extends ServerChannel> channel) {}

    private static Drive drive(Transport transport) {
        return switch (transport) {
            case IO_URING -> new Drive(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
            case EPOLL -> new Drive(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
            case NIO -> new Drive(NioIoHandler.newFactory(), NioServerSocketChannel.class);
            case AUTO, MEMORY -> throw new IllegalArgumentException("io_uring, epoll or nio, not " + transport);
        };
    }

    /** Answers as Netty's own examples do, with the bytes that Hawser sends, and gathers the answers to what came together. */
    private static final class Hello extends ChannelInboundHandlerAdapter {
        private static final byte[] BODY = TEXT.getBytes(StandardCharsets.UTF_8);
        private static final AsciiString TYPE = AsciiString.cached("text/plain; charset=utf-8");

        // Of the one loop
        private static long second;
        private static CharSequence date = "";

        /** What a server with a clock has to send (RFC 9110, 6.6.1), made once a second. */
        @SuppressWarnings("JavaUtilDate") // what Netty formats
        private static CharSequence date() {
            long now = System.currentTimeMillis();
            if (now / 1000 != second) {
                second = now / 1000;
                date = new AsciiString(DateFormatter.format(new Date(now)));
            }
            return date;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof HttpRequest request) {
                    answer(context, HttpUtil.isKeepAlive(request));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private static void answer(ChannelHandlerContext context, boolean keepAlive) {
            DefaultFullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(BODY));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, TYPE)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, BODY.length)
                    .set(HttpHeaderNames.DATE, date());
            if (keepAlive) {
                context.write(response, context.voidPromise());
            } else {
                context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // wrk resets its connections at the end of a round
        }
    }
}
