// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A way to drive sockets that works on this machine. */
record Transports(
        Transport chosen,
        IoHandlerFactory handlers,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientChannel) {
    private static final short BUFFER_GROUP = 1;
    /** How many read buffers the kernel has to choose from; a power of two. */
    static final short RING_ENTRIES = 4;

    /**
     * The transport that was asked for; for {@link Transport#AUTO} the first that works.
     *
     * @throws IllegalStateException if the one that was asked for does not work here; the message says why
     * @throws IllegalArgumentException if it drives no sockets
     */
    static Transports of(Transport wanted) {
        return switch (wanted) {
            case IO_URING -> {
                requireAvailable("io_uring", IoUring.unavailabilityCause());
                yield ioUring();
            }
            case EPOLL -> {
                requireAvailable("epoll", Epoll.unavailabilityCause());
                yield new Transports(
                        Transport.EPOLL, Mended.epoll(), EpollServerSocketChannel.class, EpollSocketChannel.class);
            }
            case NIO -> new Transports(
                    Transport.NIO, NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
            case MEMORY -> throw new IllegalArgumentException("transport MEMORY drives no sockets; choose another, or leave it to AUTO");
            case AUTO -> of(
                    isIoUringUsable() ? Transport.IO_URING : Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO);
        };
    }

    private static boolean isIoUringUsable() {
        return IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported();
    }

    private static Transports ioUring() {
        IoUringIoHandlerConfig config = new IoUringIoHandlerConfig();
        if (IoUring.isRegisterBufferRingSupported()) {
            // The kernel picks a buffer when bytes have come, so an idle connection holds none.
            config.setBufferRingConfig(IoUringBufferRingConfig.builder()
                    .bufferGroupId(BUFFER_GROUP)
                    .bufferRingSize(RING_ENTRIES)
                    .batchSize(RING_ENTRIES)
                    .allocator(new ReadBuffers.Ring())
                    .build());
        }
        return new Transports(
                Transport.IO_URING,
                Mended.ioUring(config),
                IoUringServerSocketChannel.class,
                IoUringSocketChannel.class);
    }

    private static void requireAvailable(String name, @Nullable Throwable cause) {
        if (cause != null) {
            throw new IllegalStateException(name + " does not work here: " + cause.getMessage(), cause);
        }
    }

    /** Loops of a server, which keep the process alive. */
    Loops newLoops(int count) {
        return newLoops(count, "hawser-loop", false);
    }

    /** Loops of a client, which do not. */
    Loops newClientLoops(int count) {
        return newLoops(count, "hawser-client-loop", true);
    }

    private Loops newLoops(int count, String name, boolean daemon) {
        return new Loops(this, count, new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, daemon), handlers));
    }

    /** A bootstrap with this transport and the options that every socket here has. */
    ServerBootstrap newBootstrap(EventLoopGroup loops) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(serverChannel)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true);
        socketOptions().forEach((option, value) -> bootstrap.childOption(option, value));
        return bootstrap;
    }

    /** The same for sockets that connect. */
    Bootstrap newClientBootstrap(EventLoopGroup loops) {
        Bootstrap bootstrap = new Bootstrap().group(loops).channel(clientChannel);
        socketOptions().forEach((option, value) -> bootstrap.option(option, value));
        return bootstrap;
    }

    @SuppressWarnings("unchecked") // each option is put beside a value of its type
    private Map<ChannelOption<Object>, Object> socketOptions() {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.TCP_NODELAY, true);
        options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
        options.put(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        options.put(ChannelOption.RECVBUF_ALLOCATOR, new ReadBuffers());
        if (chosen == Transport.IO_URING && IoUring.isRegisterBufferRingSupported()) {
            options.put(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
        }
        return (Map<ChannelOption<Object>, Object>) (Map<?, ?>) options;
    }
}
