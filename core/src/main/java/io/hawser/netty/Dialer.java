// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.ConnectFailedException;
import io.hawser.network.UpgradeSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Finds the one socket of an attempt: tries the ways to the server in turn, and the addresses of each in a race. Blocks, on a virtual
 * thread.
 */
final class Dialer {
    private final NettyClient client;
    private final UpgradeSettings settings;
    private final UpgradeAttempt attempt;

    Dialer(NettyClient client, UpgradeSettings settings, UpgradeAttempt attempt) {
        this.client = client;
        this.settings = settings;
        this.attempt = attempt;
    }

    /**
     * Returns when a socket stands, on which the attempt goes on.
     *
     * @throws ConnectFailedException if none does
     */
    void dial() {
        Iterator<Proxy> ways = settings.proxies().ways().iterator();
        while (true) {
            Proxy way = ways.next();
            try {
                reach(way);
                return;
            } catch (IOException e) {
                String where = way.type() == Proxy.Type.DIRECT ? "" : Tunnel.name(way) + " cannot be reached: ";
                if (way.type() != Proxy.Type.DIRECT) {
                    settings.proxies().unreached().accept(way, e);
                }
                if (!ways.hasNext()) {
                    throw settings.failure(where + e.getMessage(), e);
                }
            }
        }
    }

    private void reach(Proxy way) throws IOException {
        if (way.type() == Proxy.Type.DIRECT) {
            race(client.names().addresses(settings.host()), this::connectDirectly, attempt::start);
            return;
        }
        if (!(way.address() instanceof InetSocketAddress proxy)) {
            throw new IOException("its address is " + way.address() + ", not host and port");
        }
        Tunnel tunnel = new Tunnel(way, settings, attempt);
        List<InetAddress> addresses =
                proxy.isUnresolved() ? client.names().addresses(proxy.getHostString()) : List.of(proxy.getAddress());
        race(addresses, (address, loop) -> connectThrough(tunnel, new InetSocketAddress(address, proxy.getPort()), loop), tunnel::start);
    }

    private void race(List<InetAddress> addresses, Connector connector, Consumer<Channel> won) throws IOException {
        client.requireRunning(settings);
        EventLoop loop = client.nextLoop();
        CompletableFuture<Void> reached = new CompletableFuture<>();
        HappyEyeballs race = new HappyEyeballs(
                loop,
                addresses,
                address -> connector.connect(address, loop),
                channel -> {
                    try {
                        won.accept(channel);
                        reached.complete(null);
                    } catch (RuntimeException e) {
                        channel.close();
                        reached.completeExceptionally(e);
                    }
                },
                reached::completeExceptionally);
        loop.execute(race::run);
        try {
            reached.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException unreached ? unreached : new IOException("" + e.getCause(), e.getCause());
        }
    }

    private ChannelFuture connectDirectly(InetAddress address, EventLoop loop) {
        return connect(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {}
        }, new InetSocketAddress(address, settings.port()), loop);
    }

    /** What is connected to is the server, which the proxy's handler turns into the proxy; it must be there from the beginning. */
    private ChannelFuture connectThrough(Tunnel tunnel, InetSocketAddress proxy, EventLoop loop) {
        return connect(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                tunnel.install(channel, proxy);
            }
        }, tunnel.destination(), loop);
    }

    private ChannelFuture connect(ChannelInitializer<Channel> initializer, InetSocketAddress address, EventLoop loop) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(settings.deadline() - System.nanoTime());
        Bootstrap bootstrap = client.newBootstrap(loop)
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(leftMillis, 1, Integer.MAX_VALUE))
                .handler(initializer);
        ChannelFuture connecting = settings.localAddress()
                .map(local -> bootstrap.connect(address, local))
                .orElseGet(() -> bootstrap.connect(address));
        attempt.holds(connecting.channel());
        return connecting;
    }

    /** How an attempt at an address begins. */
    @FunctionalInterface
    private interface Connector {
        ChannelFuture connect(InetAddress address, EventLoop loop);
    }
}
