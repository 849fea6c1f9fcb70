// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A channel in memory whose peer takes as much as a test lets it. */
final class SlowChannel extends EmbeddedChannel {
    private final StringBuilder taken = new StringBuilder();
    private long window = Long.MAX_VALUE;

    SlowChannel() {
        super(new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                if (!(cause instanceof ClosedChannelException)) { // as after each write that was under way
                    context.fireExceptionCaught(cause);
                }
            }
        });
        freezeTime();
    }

    ChannelHandlerContext context() {
        return pipeline().firstContext();
    }

    void takesNothing() {
        window = 0;
    }

    void takes(long bytes) {
        window = bytes;
        flush();
        runPendingTasks();
    }

    void takesAll() {
        takes(Long.MAX_VALUE);
    }

    void waits(Duration time) {
        advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        runScheduledPendingTasks();
        runPendingTasks();
    }

    /** All that the peer has taken. */
    String taken() {
        return taken.toString();
    }

    /** What it has taken behind the head. */
    String body() {
        return taken.substring(taken.indexOf("\r\n\r\n") + 4);
    }

    long waitingBytes() {
        return unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer queue) throws Exception {
        while (true) {
            if (queue.current() instanceof ByteBuf first && (window > 0 || !first.isReadable())) {
                int bytes = (int) Math.min(window, first.readableBytes());
                take(first.toString(first.readerIndex(), bytes, StandardCharsets.ISO_8859_1));
                queue.removeBytes(bytes);
            } else if (queue.current() instanceof FileRegion first && window > 0) {
                first.transferTo(new Taking(), first.transferred());
                if (first.transferred() == first.count()) {
                    queue.remove();
                }
            } else {
                return;
            }
        }
    }

    private void take(String bytes) {
        taken.append(bytes);
        window -= bytes.length();
    }

    /** Where files go. */
    private final class Taking implements WritableByteChannel {
        @Override
        public int write(ByteBuffer from) {
            int bytes = (int) Math.min(window, from.remaining());
            take(StandardCharsets.ISO_8859_1.decode(from.slice(from.position(), bytes)).toString());
            from.position(from.position() + bytes);
            return bytes;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
