// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.EventLoops;
import io.hawser.Tls;
import io.hawser.connection.LiveConnection;
import io.hawser.http.Application;
import io.hawser.http.HttpSettings;
import io.hawser.network.Acceptor;
import io.hawser.waiting.Surroundings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket on loops of its own or of another server, and the list of what is open. */
public final class NettyServer implements Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(NettyServer.class);

    private final Loops loops;
    /** Whether they are somebody else's, who ends and watches them. */
    private final boolean borrowed;

    private final Application application;
    private final Channel listening;
    private final Watchdog watchdog;
    private final Optional<ServerTls> tls;
    private final Optional<ScheduledFuture<?>> reloading;
    private final OpenChannels open = new OpenChannels();

    private NettyServer(@Nullable Loops lent, InetSocketAddress address, HttpSettings settings) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException(failure(address) + "the name has no address");
        }
        if (lent != null && lent.group().isShuttingDown()) {
            throw new IOException(failure(address) + "the server is closed on whose event loops it was to run");
        }
        Transports transports = lent == null ? Transports.of(settings.transport()) : lent.transports();
        tls = settings.tls().map(each -> ServerTls.load(each, settings.times().handshake()));
        application = new Application(settings, Surroundings.ofSystem());
        borrowed = lent != null;
        loops = lent == null ? transports.newLoops(settings.loops()) : lent;
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
            reloading = tls.flatMap(this::watchFiles);
            watchdog = Watchdog.start(loops.group(), borrowed ? Duration.ZERO : settings.blockedLoopWarning());
            started = true;
        } finally {
            if (!started) {
                listening.close().awaitUninterruptibly();
                endLoops();
            }
        }
    }

    private Channel bind(ServerBootstrap bootstrap, InetSocketAddress address) throws IOException {
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            endLoops();
            throw new IOException(failure(address) + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private static String failure(InetSocketAddress address) {
        return "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": ";
    }

    private Optional<ScheduledFuture<?>> watchFiles(ServerTls files) {
        LOG.info("listening on {} over TLS, by {}", address(), files.provider());
        long nanos = files.reloadEvery().toNanos();
        if (nanos == 0) {
            return Optional.empty();
        }
        // Reading files blocks.
        Runnable reload = () -> Thread.ofVirtual().name("hawser-reload").start(files::reloadIfChanged);
        return Optional.of(loops.group().next().scheduleWithFixedDelay(reload, nanos, nanos, TimeUnit.NANOSECONDS));
    }

    /**
     * Listens on loops of its own, and serves from now on.
     *
     * @throws UncheckedIOException if the address cannot be listened on
     */
    public static NettyServer start(InetSocketAddress address, HttpSettings settings) {
        return start(null, address, settings);
    }

    /** The same on loops that run, and end without it. */
    static NettyServer startOn(Loops loops, InetSocketAddress address, HttpSettings settings) {
        Loops.requireNoLoop("listening");
        return start(loops, address, settings);
    }

    private static NettyServer start(@Nullable Loops lent, InetSocketAddress address, HttpSettings settings) {
        try {
            return new NettyServer(lent, address, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public EventLoops loops() {
        return loops;
    }

    @Override
    public Optional<Tls.Provider> tlsProvider() {
        return tls.map(ServerTls::provider);
    }

    @Override
    public void reloadCertificates() {
        tls.ifPresent(ServerTls::reloadIfChanged);
    }

    /** Who answers its requests. */
    Application application() {
        return application;
    }

    boolean isStopping() {
        return open.isStopping();
    }

    void add(Channel channel) {
        open.add(channel);
    }

    void add(Channel channel, LiveConnection connection) {
        open.add(channel, connection);
    }

    /** Ends the loops as well, if they are its own. */
    @Override
    public void stop(Duration grace) {
        Loops.requireNoLoop("closing");
        open.stop(() -> end(grace));
    }

    private void end(Duration grace) {
        reloading.ifPresent(task -> task.cancel(false));
        listening.close().awaitUninterruptibly();
        open.end(grace, NettyServer::closeIdle);
        endLoops();
        watchdog.stop();
    }

    private static void closeIdle(Channel channel) {
        try {
            channel.eventLoop().execute(() -> HttpConnection.closeIdle(channel));
        } catch (RejectedExecutionException e) {
            LOG.debug("the loop of {} has ended, and the connection with it", channel);
        }
    }

    private void endLoops() {
        if (!borrowed) {
            loops.end();
        }
    }
}
