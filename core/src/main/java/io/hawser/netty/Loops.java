// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Transport;
import io.hawser.http.HttpSettings;
import io.hawser.network.Acceptor;
import io.hawser.network.Connector;
import io.hawser.network.Network;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Event loops that run.
 *
 * @param transports how they drive sockets
 * @param count how many there are
 * @param group the loops
 */
record Loops(Transports transports, int count, EventLoopGroup group) implements Network {
    @Override
    public Transport transport() {
        return transports.chosen();
    }

    @Override
    public Connector newConnector() {
        return NettyClient.startOn(this);
    }

    @Override
    public Acceptor listen(InetSocketAddress address, HttpSettings settings) {
        return NettyServer.startOn(this, address, settings);
    }

    /** Whether the calling thread is an event loop, whoever's, which must not wait. */
    static boolean isOnLoop() {
        return Thread.currentThread() instanceof FastThreadLocalThread;
    }

    /** Fails where what follows would wait for the calling thread. */
    static void requireNoLoop(String what) {
        if (isOnLoop()) {
            throw new IllegalStateException(what + " waits, which an event loop must not; do it on a thread of your own");
        }
    }

    /** Ends them, with whatever they serve. */
    void end() {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
