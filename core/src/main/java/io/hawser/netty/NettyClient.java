// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.ConnectFailedException;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.connection.LiveConnection;
import io.hawser.protocol.CloseStatus;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Loops that serve connections which this side opens, and the list of those. */
public final class NettyClient {
    private final Transports transports;
    private final EventLoopGroup loops;
    private final Map<Channel, LiveConnection> open = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    /** What was set up for values that are still in use: that takes longer than a connection. */
    private final Map<Tls, SslContext> contexts = Collections.synchronizedMap(new WeakHashMap<>());

    private NettyClient(Transports transports, int loops) {
        this.transports = transports;
        this.loops = transports.newClientLoops(loops);
    }

    /**
     * A client with loops of its own.
     *
     * @throws IllegalStateException if the transport does not work here
     */
    public static NettyClient start(Transport transport, int loops) {
        return new NettyClient(Transports.of(transport), loops);
    }

    /** How sockets are driven. */
    public Transport transport() {
        return transports.chosen();
    }

    /**
     * Connects, and asks for the upgrade; any thread may call it.
     *
     * @return completes on the connection's loop, before any frame that came behind the response is looked at; fails with a {@link
     *     io.hawser.WebSocketException}
     */
    public CompletableFuture<LiveConnection> connect(UpgradeSettings settings, UpgradeOpener opener) {
        CompletableFuture<LiveConnection> opened = new CompletableFuture<>();
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        // The look-up of a name blocks, and so does reading certificates.
        Thread.ofVirtual().name("hawser-connect").start(() -> {
            try {
                settings.tls().ifPresent(this::context);
                Queue<InetAddress> addresses = new ArrayDeque<>(List.of(InetAddress.getAllByName(settings.host())));
                tryNext(settings, opener, addresses, deadline, opened);
            } catch (UnknownHostException e) {
                opened.completeExceptionally(failure(settings, "the name " + settings.host() + " has no address", e));
            } catch (RuntimeException e) {
                opened.completeExceptionally(e);
            }
        });
        return opened;
    }

    /** Tries the addresses of a name one after another. */
    private void tryNext(
            UpgradeSettings settings,
            UpgradeOpener opener,
            Queue<InetAddress> addresses,
            long deadline,
            CompletableFuture<LiveConnection> opened) {
        InetSocketAddress address = new InetSocketAddress(addresses.remove(), settings.port());
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (stopped.get()) {
            opened.completeExceptionally(failure(settings, "the client is closed", null));
            return;
        }
        if (!left.isPositive()) {
            opened.completeExceptionally(timedOut(settings));
            return;
        }
        UpgradeAttempt attempt = new UpgradeAttempt(this, settings, opener, deadline, opened);
        Bootstrap bootstrap = transports.newClientBootstrap(loops)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(left.toMillis(), 1, Integer.MAX_VALUE))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        attempt.install(channel);
                    }
                });
        ChannelFuture connected = settings.localAddress()
                .map(local -> bootstrap.connect(address, local))
                .orElseGet(() -> bootstrap.connect(address));
        connected.addListener(done -> {
            if (done.isSuccess()) {
                return; // the attempt goes on by itself
            }
            if (addresses.isEmpty()) {
                opened.completeExceptionally(failure(settings, "" + done.cause().getMessage(), done.cause()));
            } else {
                tryNext(settings, opener, addresses, deadline, opened);
            }
        });
    }

    SslContext context(Tls tls) {
        return contexts.computeIfAbsent(tls, TlsContexts::ofClient);
    }

    /** Whether the calling thread is an event loop, which must not wait. */
    public static boolean isOnLoop() {
        return Thread.currentThread() instanceof FastThreadLocalThread;
    }

    static ConnectFailedException timedOut(UpgradeSettings settings) {
        return failure(settings, "the connection was not open within " + settings.timeout(), null);
    }

    static ConnectFailedException failure(UpgradeSettings settings, String why, @Nullable Throwable cause) {
        return new ConnectFailedException("cannot connect to " + settings.uri() + ": " + why, cause);
    }

    void add(Channel channel, LiveConnection connection) {
        open.put(channel, connection);
        channel.closeFuture().addListener(closed -> open.remove(channel));
        if (stopped.get()) {
            connection.close(CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops"));
        }
    }

    /** Closes all connections with 1001, waits as long as the grace, cuts what is left, and ends the loops. */
    public void stop(Duration grace) {
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        open.values().forEach(live -> live.close(CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops")));
        long deadline = System.nanoTime() + grace.toNanos();
        for (Channel channel : open.keySet()) {
            channel.closeFuture().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        open.forEach((channel, live) -> {
            live.abort("the client stopped");
            channel.close().awaitUninterruptibly();
        });
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
