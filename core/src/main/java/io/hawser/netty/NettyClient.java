// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.connection.LiveConnection;
import io.hawser.network.Connector;
import io.hawser.network.UpgradeOpener;
import io.hawser.network.UpgradeSettings;
import io.hawser.protocol.CloseStatus;
import io.hawser.waiting.Surroundings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What opens connections from this side, on loops of its own or of a server, and the list of those. */
public final class NettyClient implements Connector {
    private static final Logger LOG = LoggerFactory.getLogger(NettyClient.class);

    private final Loops loops;
    /** Whether they are somebody else's, who ends them. */
    private final boolean borrowed;

    private final Names names;
    private final Map<Channel, LiveConnection> open = new ConcurrentHashMap<>();
    /** How to give up each connection that is waited for. */
    private final Set<Runnable> pending = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicBoolean saidProvider = new AtomicBoolean();
    /** What was set up for values that are still in use: that takes longer than a connection. */
    private final Map<Tls, SslContext> contexts = Collections.synchronizedMap(new WeakHashMap<>());

    private NettyClient(Loops loops, boolean borrowed, Names names) {
        this.loops = loops;
        this.borrowed = borrowed;
        this.names = names;
    }

    /**
     * A client with loops of its own.
     *
     * @throws IllegalStateException if the transport does not work here
     */
    public static NettyClient start(Transport transport, int loops) {
        return start(transport, loops, Names.SYSTEM);
    }

    /** The same, with names of its own. */
    static NettyClient start(Transport transport, int loops, Names names) {
        return new NettyClient(Transports.of(transport).newClientLoops(loops), false, names);
    }

    /** A client on loops that run, and end without it. */
    static NettyClient startOn(Loops loops) {
        return new NettyClient(loops, true, Names.SYSTEM);
    }

    @Override
    public Transport transport() {
        return loops.transport();
    }

    @Override
    public Surroundings surroundings() {
        return Surroundings.ofSystem();
    }

    @Override
    public boolean isOnLoop() {
        return Loops.isOnLoop();
    }

    @Override
    public void connect(UpgradeSettings settings, UpgradeOpener opener, CompletableFuture<LiveConnection> opened) {
        Runnable giveUp = () -> opened.completeExceptionally(settings.clientClosed());
        pending.add(giveUp);
        opened.whenComplete((live, failure) -> pending.remove(giveUp));
        try {
            Optional<SslContext> tls = settings.tls().map(this::context);
            new Dialer(this, settings, new UpgradeAttempt(this, settings, tls, opener, opened)).dial();
        } catch (RuntimeException e) {
            opened.completeExceptionally(e);
        }
    }

    Names names() {
        return names;
    }

    EventLoop nextLoop() {
        return loops.group().next();
    }

    Bootstrap newBootstrap(EventLoop loop) {
        return loops.transports().newClientBootstrap(loop);
    }

    /** Fails where it is too late to go on. */
    void requireRunning(UpgradeSettings settings) {
        if (stopped.get()) {
            throw settings.clientClosed();
        }
        if (loops.group().isShuttingDown()) {
            throw settings.failure("the server is closed on whose event loops the client runs", null);
        }
        if (settings.deadline() - System.nanoTime() <= 0) {
            throw settings.timedOut();
        }
    }

    /** Reads files if need be. Two threads may do that at the same time for the same value, rather than one wait for the other. */
    private SslContext context(Tls tls) {
        SslContext known = contexts.get(tls);
        if (known != null) {
            return known;
        }
        SslContext made = TlsContexts.ofClient(tls);
        contexts.put(tls, made);
        if (saidProvider.compareAndSet(false, true)) {
            LOG.info("connecting over TLS, by {}", TlsContexts.provider(tls));
        }
        return made;
    }

    void add(Channel channel, LiveConnection connection) {
        open.put(channel, connection);
        channel.closeFuture().addListener(closed -> open.remove(channel));
        if (stopped.get()) {
            connection.close(CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops"));
        }
    }

    /** Ends the loops as well, if they are its own. */
    @Override
    public void stop(Duration grace) {
        Loops.requireNoLoop("closing");
        if (!stopped.compareAndSet(false, true)) {
            return;
        }
        pending.forEach(Runnable::run);
        open.values().forEach(live -> live.close(CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops")));
        long deadline = System.nanoTime() + grace.toNanos();
        for (Channel channel : open.keySet()) {
            channel.closeFuture().awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        open.forEach((channel, live) -> {
            live.abort("the client stopped");
            channel.close().awaitUninterruptibly();
        });
        if (!borrowed) {
            loops.end();
        }
    }
}
