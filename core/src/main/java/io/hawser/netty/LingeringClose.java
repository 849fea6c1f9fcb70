// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * A close that the peer can read our last words through: the output ends, input is dropped for a while, then the socket closes. Closing with
 * unread input would make the kernel send a reset, which destroys what is on its way. Confined to the channel's loop.
 */
final class LingeringClose {
    private static final long MAX_DISCARDED_BYTES = 256 << 10;

    private final Channel channel;
    private boolean outputEnded;
    private boolean inputEnded;
    private long discardedBytes;

    private LingeringClose(Channel channel, boolean inputEnded) {
        this.channel = channel;
        this.inputEnded = inputEnded;
    }

    /**
     * Begins to close, behind what was written.
     *
     * @param inputEnded whether the peer has ended already
     * @param nanos how long to drop input at most, from the moment that the output has left
     */
    static LingeringClose begin(Channel channel, boolean inputEnded, long nanos) {
        LingeringClose close = new LingeringClose(channel, inputEnded);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> close.endOutput(nanos));
        return close;
    }

    private void endOutput(long nanos) {
        outputEnded = true;
        if (inputEnded || !channel.isActive()) {
            channel.close();
            return;
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            // RFC 8446 6.1: each party MUST send a "close_notify" alert before closing its write side
            ChannelFuture told = tls.closeOutbound();
            channel.pipeline().remove(tls); // what still comes is dropped as it is
            told.addListener(left -> ((DuplexChannel) channel).shutdownOutput());
        }
        channel.config().setAutoRead(true);
        var timer = channel.eventLoop().schedule(() -> cut(channel), nanos, TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> timer.cancel(false));
    }

    /** Closes at once, without a farewell that TLS would wait for. */
    static void cut(Channel channel) {
        channel.pipeline().firstContext().close();
    }

    /** Input came and was dropped. */
    void onDiscarded(int bytes) {
        discardedBytes += bytes;
        if (discardedBytes > MAX_DISCARDED_BYTES) {
            cut(channel);
        }
    }

    /** The peer has ended. */
    void onInputEnd() {
        inputEnded = true;
        if (outputEnded) {
            channel.close();
        }
    }
}
