// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.uring.IoUringBufferRingExhaustedEvent;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;

/** Netty's epoll and io_uring without the faults in them that were met here; seen in 4.2.18. */
final class Mended {
    /** How an IORING_OP_RECV describes itself: its code, of the kernel's io_uring.h, cannot be asked for. */
    private static final String RECEIVE = "IOUringIoOps{opcode=27,";

    /** Not null where buffers ran out and reading has not been turned on since. */
    private static final AttributeKey<Object> RAN_OUT = AttributeKey.valueOf(Mended.class, "ranOut");

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
     * peer that sends faster than it is read from would fill the memory. Here nothing is received from then on while a channel's automatic
     * reading is off. Handlers pass on what they are told by {@link #onEvent}.
     */
    static IoHandlerFactory ioUring(IoUringIoHandlerConfig config) {
        return WatchedIoHandler.factory(IoUringIoHandler.newFactory(config), Mended::submitToUring);
    }

    /** A channel was told of an event: perhaps that it is about to receive again because buffers had run out. */
    static void onEvent(Channel channel, Object event) {
        if (event instanceof IoUringBufferRingExhaustedEvent) {
            channel.attr(RAN_OUT).set(event);
        }
    }

    private static long submitToUring(Channel channel, IoOps ops, IoRegistration registration) {
        if (channel.hasAttr(RAN_OUT)) {
            Attribute<Object> ranOut = channel.attr(RAN_OUT);
            if (channel.config().isAutoRead()) {
                ranOut.set(null);
            } else if (ranOut.get() != null && ops.toString().startsWith(RECEIVE)) {
                return 0;
            }
        }
        return registration.submit(ops);
    }
}
