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
import io.netty.channel.uring.IoUringIoOps;

/** Netty's epoll and io_uring without the faults in them that were met here; seen in 4.2.18. */
final class Mended {
    /** How a receive over io_uring describes itself: it has the code of {@code IORING_OP_RECV}, which Netty does not tell otherwise. */
    private static final String RECEIVE = "IOUringIoOps{opcode=27,";

    /**
     * Cancels what is not there, and so fails; linked (IOSQE_IO_LINK) to what is submitted next, which the kernel then completes as cancelled
     * instead of beginning it.
     */
    private static final IoOps FAIL_THE_NEXT = cancelNothing();

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
     * peer that sends faster than it is read from would fill the memory. Here a receive that begins while automatic reading is off is
     * cancelled before it takes a byte, which Netty is told in the usual way; it receives again once reading is on.
     */
    static IoHandlerFactory ioUring(IoUringIoHandlerConfig config) {
        return WatchedIoHandler.factory(IoUringIoHandler.newFactory(config), Mended::submitToUring);
    }

    private static long submitToUring(Channel channel, IoOps ops, IoRegistration registration) {
        if (!channel.config().isAutoRead() && ops.toString().startsWith(RECEIVE)) {
            registration.submit(FAIL_THE_NEXT);
        }
        return registration.submit(ops);
    }

    private static IoOps cancelNothing() {
        byte asyncCancel = 14;
        byte linked = 1 << 2;
        long nothing = -1;
        return new IoUringIoOps(
                asyncCancel, linked, (short) 0, -1, 0, nothing, 0, 0, 0L, (short) 0, (short) 0, 0, 0);
    }
}
