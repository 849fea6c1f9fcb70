// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What goes out of one socket: gathered in one buffer, so that it leaves in one system call. Confined to the channel's loop. */
final class GatheredOutput {
    /** How much may be under way in the channel's queue before the engine is to wait. */
    private static final long MAX_PENDING_BYTES = 512 << 10;

    private static final long MAX_UNFLUSHED_BYTES = 256 << 10;
    private static final int MIN_BUFFER_BYTES = 512;

    private final ChannelHandlerContext context;
    private final Acceptance acceptance;
    private final Runnable onAccepted;

    private @Nullable ByteBuf out;
    private @Nullable ByteBuffer view;
    private int start;
    private int bufferBytes = MIN_BUFFER_BYTES;
    private long writtenBytes;
    private long flushedBytes;

    /**
     * No output yet.
     *
     * @param context where it is written
     * @param acceptance writes it
     * @param onAccepted called when the transport has taken what was flushed with the wish to be told
     */
    GatheredOutput(ChannelHandlerContext context, Acceptance acceptance, Runnable onAccepted) {
        this.context = context;
        this.acceptance = acceptance;
        this.onAccepted = onAccepted;
    }

    ByteBuffer reserve(int bytes) {
        ByteBuffer room = view;
        if (room != null && room.remaining() >= bytes) {
            writtenBytes += bytes;
            return room;
        }
        if (room != null) {
            bufferBytes = Math.min(acceptance.maxBufferBytes(), 2 * bufferBytes);
            passOn(null);
        }
        ByteBuf fresh = context.alloc().directBuffer(Math.max(bytes, bufferBytes));
        out = fresh;
        room = fresh.internalNioBuffer(0, fresh.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        view = room;
        start = room.position();
        writtenBytes += bytes; // only now: there may be no memory for a buffer
        return room;
    }

    /** Hands what was gathered over to the channel. */
    private void passOn(@Nullable Runnable told) {
        ByteBuf full = Objects.requireNonNull(out);
        full.writerIndex(Objects.requireNonNull(view).position() - start);
        out = null;
        view = null;
        acceptance.write(full, told);
    }

    boolean isWritable() {
        if (unflushedBytes() > MAX_UNFLUSHED_BYTES) {
            flush(true);
        }
        return writtenBytes - acceptedBytes() < MAX_PENDING_BYTES;
    }

    long unflushedBytes() {
        return writtenBytes - flushedBytes;
    }

    void flush(boolean tell) {
        if (out == null) {
            return;
        }
        if (unflushedBytes() < bufferBytes / 4) {
            bufferBytes = Math.max(MIN_BUFFER_BYTES, bufferBytes / 2);
        }
        passOn(tell ? onAccepted : null);
        flushedBytes = writtenBytes;
        acceptance.flush();
    }

    long acceptedBytes() {
        return acceptance.acceptedBytes();
    }

    /** An empty write follows, behind which the output ends. */
    void writeNothingMore() {
        acceptance.expectEmptyWrite();
    }

    /** The channel is closed. */
    void release() {
        if (out != null) {
            out.release();
            out = null;
            view = null;
        }
    }
}
