// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Closes a channel whose peer takes none of the bytes that wait for it. How many those are is read off the channel's own queue, once in the
 * time that the peer has: one that stops in between is noticed within twice that. Confined to the channel's loop.
 */
final class NoProgressTimer {
    private final Channel channel;
    private final LongSupplier written;
    private long takenBytes;

    private NoProgressTimer(Channel channel, LongSupplier written) {
        this.channel = channel;
        this.written = written;
        this.takenBytes = takenBytes();
    }

    /**
     * Watches a channel until all that is written to it now has left. While nothing waits for the peer, it may take its time.
     *
     * @param whole done when the last of it has left
     * @param nanos how long the peer may take nothing
     * @param written how many bytes were written since the beginning
     */
    static void watch(Channel channel, ChannelFuture whole, long nanos, LongSupplier written) {
        if (whole.isDone()) {
            return;
        }
        NoProgressTimer watch = new NoProgressTimer(channel, written);
        ScheduledFuture<?> timer =
                channel.eventLoop().scheduleWithFixedDelay(watch::check, nanos, nanos, TimeUnit.NANOSECONDS);
        whole.addListener(left -> timer.cancel(false));
    }

    private void check() {
        long before = takenBytes;
        takenBytes = takenBytes();
        if (takenBytes == before && isWaiting()) {
            LingeringClose.cut(channel);
        }
    }

    private boolean isWaiting() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && !queue.isEmpty();
    }

    /** The bytes that left, but for what the queue adds for each of its entries; becomes more with each byte that is taken. */
    private long takenBytes() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return 0; // the channel is closed
        }
        // An entry leaves the sum when all of it is taken; until then its reader index tells how much is.
        long ofFirst =
                switch (queue.current()) {
                    case ByteBuf first -> first.readerIndex();
                    case FileRegion first -> first.transferred();
                    case null, default -> 0;
                };
        return written.getAsLong() - queue.totalPendingWriteBytes() + ofFirst;
    }
}
