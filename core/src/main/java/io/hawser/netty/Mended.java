// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/** Netty's epoll without the fault in it that was met here; seen in 4.2.18. */
final class Mended {
    private Mended() {}

    /**
     * Epoll, for connections whose peer has ended its output but still reads. Netty takes such a socket out of the epoll set when it waits
     * neither to read nor to write, and does not put it back when a later write has to wait: that fails, and the rest of the output is lost.
     * Here the socket stays in the set, edge-triggered and with nothing asked for, so that it wakes nobody.
     */
    static IoHandlerFactory epoll() {
        return WatchedIoHandler.factory(EpollIoHandler.newFactory(), Mended::submitToEpoll);
    }

    private static long submitToEpoll(Channel channel, IoOps ops, IoRegistration registration) {
        boolean nothing = ((EpollIoOps) ops).value() == EpollIoOps.NONE.value();
        return registration.submit(nothing ? EpollIoOps.EPOLLET : ops);
    }
}
