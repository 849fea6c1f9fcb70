// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;

/** Netty's epoll and io_uring without the faults in them that were met here; seen in 4.2.18. */
final class Mended {
    /** How an IORING_OP_RECV describes itself: its code, of the kernel's io_uring.h, cannot be asked for. */
    private static final String RECEIVE = "IOUringIoOps{opcode=27,";

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

    /**
     * Io_uring that stops reading when it is told to. Netty receives again, without being asked, when the kernel has run out of buffers; so a
     * peer that sends faster than it is read from would fill the memory. Here nothing is received while a channel's automatic reading is off.
     */
    static IoHandlerFactory ioUring(IoUringIoHandlerConfig config) {
        return WatchedIoHandler.factory(IoUringIoHandler.newFactory(config), Mended::submitToUring);
    }

    private static long submitToUring(Channel channel, IoOps ops, IoRegistration registration) {
        boolean unwanted = !channel.config().isAutoRead() && ops.toString().startsWith(RECEIVE);
        return unwanted ? 0 : registration.submit(ops);
    }
}
