// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.EventLoops;
import io.hawser.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;

/**
 * Event loops that run.
 *
 * @param transports how they drive sockets
 * @param count how many there are
 * @param group the loops
 */
record Loops(Transports transports, int count, EventLoopGroup group) implements EventLoops {
    @Override
    public Transport transport() {
        return transports.chosen();
    }

    /** Ends them, with whatever they serve. */
    void end() {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
