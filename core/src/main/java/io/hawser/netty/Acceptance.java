// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.ChannelPromise;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes to a channel, and knows how many of the bytes its transport has accepted. Confined to the channel's loop. */
sealed interface Acceptance {
    /** How it is known for a channel: off its queue, unless what is written passes another handler on its way there. */
    static Acceptance on(ChannelHandlerContext context) {
        for (Map.Entry<String, ChannelHandler> each : context.pipeline()) {
            if (each.getKey().equals(context.name())) {
                break;
            }
            if (each.getValue() instanceof ChannelOutboundHandler) {
                return new OfPromises(context);
            }
        }
        return new OfQueue(context);
    }

    /** How much should be written at a time. */
    int maxBufferBytes();

    /** Writes bytes, which are the channel's from now on. */
    void write(ByteBuf bytes, @Nullable Runnable onAccepted);

    /** Offers what was written to the transport. */
    void flush();

    /** How many bytes the transport has accepted in all. */
    long acceptedBytes();

    /** An empty buffer is about to be written by somebody else. */
    void expectEmptyWrite();

    /** Where nothing stands between: it is read off the channel's own queue, so that no promise is needed for a write. */
    final class OfQueue implements Acceptance {
        private final ChannelHandlerContext context;
        private final PendingSegments pending = new PendingSegments();
        /** How many of the pending segments the channel has not been told to flush. */
        private int unflushedSegments;

        private long writtenBytes;

        private OfQueue(ChannelHandlerContext context) {
            this.context = context;
        }

        @Override
        public int maxBufferBytes() {
            return 64 << 10;
        }

        @Override
        public void write(ByteBuf bytes, @Nullable Runnable onAccepted) {
            writtenBytes += bytes.readableBytes();
            pending.add(bytes.readableBytes());
            unflushedSegments++;
            ChannelPromise promise = onAccepted == null
                    ? context.voidPromise()
                    : context.newPromise().addListener(accepted -> onAccepted.run());
            context.write(bytes, promise);
        }

        @Override
        public void flush() {
            unflushedSegments = 0;
            context.flush();
        }

        @Override
        public long acceptedBytes() {
            ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
            if (queue == null) {
                return writtenBytes - pending.bytes(); // the channel is closed: nothing more will be accepted
            }
            int flushed = queue.size();
            pending.keepLast(flushed + unflushedSegments);
            long inQueue = pending.bytes();
            // Unless the response to the upgrade is still in front of them.
            boolean firstIsOurs = flushed > 0 && flushed + unflushedSegments == pending.size();
            if (firstIsOurs && queue.current() instanceof ByteBuf first) {
                inQueue -= first.readerIndex();
            }
            return writtenBytes - inQueue;
        }

        @Override
        public void expectEmptyWrite() {
            pending.add(0);
        }
    }

    /**
     * Over TLS, whose records are in the channel's queue instead, and behind any handler that may delay or change what is written: a write is
     * accepted when its last record is. Netty may tell so of a later write first.
     */
    final class OfPromises implements Acceptance {
        private final ChannelHandlerContext context;
        private long writtenBytes;
        private long acceptedBytes;
        private @Nullable Runnable onAccepted;
        /** How much was written when somebody last wished to be told. */
        private long toldBytes;

        private OfPromises(ChannelHandlerContext context) {
            this.context = context;
        }

        /** One record's, so that the slowest peer is seen to take something; a single reservation may be more, and is a write of its own. */
        @Override
        public int maxBufferBytes() {
            return 16 << 10;
        }

        @Override
        public void write(ByteBuf bytes, @Nullable Runnable told) {
            int length = bytes.readableBytes();
            writtenBytes += length;
            if (told != null) {
                onAccepted = told;
                toldBytes = writtenBytes;
            }
            context.write(bytes).addListener(written -> {
                if (written.isSuccess()) {
                    acceptedBytes += length;
                    tell();
                }
            });
        }

        /** Tells of each write until all that somebody waits for is accepted. */
        private void tell() {
            Runnable told = onAccepted;
            if (told != null) {
                if (acceptedBytes >= toldBytes) {
                    onAccepted = null;
                }
                told.run();
            }
        }

        @Override
        public void flush() {
            context.flush();
        }

        @Override
        public long acceptedBytes() {
            return acceptedBytes;
        }

        @Override
        public void expectEmptyWrite() {}
    }
}
