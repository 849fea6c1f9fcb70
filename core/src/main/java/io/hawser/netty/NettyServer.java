// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.EventLoops;
import io.hawser.Tls;
import io.hawser.connection.LiveConnection;
import io.hawser.network.HttpSettings;
import io.hawser.protocol.CloseStatus;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket, the loops that serve what it accepts, and the list of what is open. */
public final class NettyServer {
    private static final Logger LOG = LoggerFactory.getLogger(NettyServer.class);

    private final Loops loops;
    private final Channel listening;
    private final Watchdog watchdog;
    private final Optional<ServerTls> tls;
    private final Map<Channel, Optional<LiveConnection>> open = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();

    private NettyServer(InetSocketAddress address, HttpSettings settings) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException(failure(address) + "the name has no address");
        }
        Transports transports = Transports.of(settings.transport());
        tls = settings.tls().map(each -> ServerTls.load(each, settings.handshakeTimeout()));
        loops = transports.newLoops(settings.loops());
        ServerBootstrap bootstrap = transports.newBootstrap(loops.group()).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                tls.ifPresent(each -> each.install(channel));
                HttpConnection.install(channel, NettyServer.this, settings);
            }
        });
        listening = bind(bootstrap, address);
        boolean started = false;
        try {
            tls.ifPresent(this::watchFiles);
            watchdog = Watchdog.start(loops.group(), settings.blockedLoopWarning());
            started = true;
        } finally {
            if (!started) {
                listening.close().awaitUninterruptibly();
                loops.end();
            }
        }
    }

    private Channel bind(ServerBootstrap bootstrap, InetSocketAddress address) throws IOException {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.end();
            throw new IOException(failure(address) + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private static String failure(InetSocketAddress address) {
        return "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": ";
    }

    private void watchFiles(ServerTls files) {
        LOG.info("listening on {} over TLS, by {}", address(), files.provider());
        long nanos = files.reloadEvery().toNanos();
        if (nanos > 0) {
            // Reading files blocks.
            Runnable reload = () -> Thread.ofVirtual().name("hawser-reload").start(files::reloadIfChanged);
            loops.group().next().scheduleWithFixedDelay(reload, nanos, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Listens, and serves from now on.
     *
     * @throws UncheckedIOException if the address cannot be listened on
     */
    public static NettyServer start(InetSocketAddress address, HttpSettings settings) {
        try {
            return new NettyServer(address, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The address that is listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** What serves its connections, until it stops. */
    public EventLoops loops() {
        return loops;
    }

    /** Whose TLS it is spoken over, if over any. */
    public Optional<Tls.Provider> tlsProvider() {
        return tls.map(ServerTls::provider);
    }

    /** Looks at once whether the certificates' files have changed. */
    public void reloadCertificates() {
        tls.ifPresent(ServerTls::reloadIfChanged);
    }

    boolean isStopping() {
        return stopping.get();
    }

    void add(Channel channel) {
        open.put(channel, Optional.empty());
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    void add(Channel channel, LiveConnection connection) {
        // Only if it is listed still: else it has closed meanwhile.
        open.replace(channel, Optional.of(connection));
        if (stopping.get()) {
            connection.close(goingAway());
        }
    }

    /**
     * Accepts nothing more, closes with 1001, waits as long as the grace, cuts what is left. Harmless if repeated, which waits as well.
     *
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
    public void stop(Duration grace) {
        NettyClient.requireNoLoop();
        if (stopping.compareAndSet(false, true)) {
            try {
                end(grace);
            } finally {
                stopped.countDown();
            }
        } else {
            awaitStopped();
        }
    }

    private void end(Duration grace) {
        listening.close().awaitUninterruptibly();
        open.forEach((channel, connection) -> connection.ifPresentOrElse(
                live -> live.close(goingAway()), () -> channel.eventLoop().execute(() -> HttpConnection.closeIdle(channel))));
        long deadline = System.nanoTime() + grace.toNanos();
        for (Channel channel : open.keySet()) {
            channel.closeFuture().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        open.forEach((channel, connection) -> {
            connection.ifPresent(live -> live.abort("the server stopped"));
            channel.close().awaitUninterruptibly();
        });
        loops.end();
        watchdog.stop();
    }

    private void awaitStopped() {
        boolean interrupted = false;
        while (true) {
            try {
                stopped.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static CloseStatus goingAway() {
        return CloseStatus.of(CloseStatus.GOING_AWAY, "the server stops");
    }
}
