// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes a channel whose peer takes none of the bytes that wait for it. How many those are is read off the channel's own queue, once in the
 * time that the peer has: one that stops in between is noticed within twice that. Confined to the channel's loop.
 */
final class NoProgressTimer {
    private final Channel channel;
    private long waitingBytes;

    private NoProgressTimer(Channel channel) {
        this.channel = channel;
        this.waitingBytes = waitingBytes();
    }

    /**
     * Watches a channel until the last that was written to it, and flushed, has left.
     *
     * @param nanos how long the peer may take nothing
     */
    static void watch(Channel channel, ChannelFuture lastWrite, long nanos) {
        if (lastWrite.isDone()) {
            return;
        }
        NoProgressTimer watch = new NoProgressTimer(channel);
        ScheduledFuture<?> timer =
                channel.eventLoop().scheduleWithFixedDelay(watch::check, nanos, nanos, TimeUnit.NANOSECONDS);
        lastWrite.addListener(left -> timer.cancel(false));
    }

    private void check() {
        long before = waitingBytes;
        waitingBytes = waitingBytes();
        if (waitingBytes == before) {
            LingeringClose.cut(channel);
        }
    }

    /** The bytes in the queue, with what it adds for each of its entries; becomes less with each byte that is taken. */
    private long waitingBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return 0; // the channel is closed
        }
        // An entry leaves the sum when all of it is taken; until then its reader index tells how much is.
        return queue.totalPendingWriteBytes() - (queue.current() instanceof ByteBuf first ? first.readerIndex() : 0);
    }
}
