// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.uring.IoUringBufferRingAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Large read buffers, a few a loop, used by all its connections in turn: a read takes whatever has come in one system call, and an idle
 * connection holds no buffer. Who wants to keep a little of what was read copies it; who keeps a buffer has the loop take another.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    static final int BYTES = 256 << 10;

    /** Few, so that they stay in the processor's cache: those in the kernel's ring, and one in hand. */
    static final int A_LOOP = Transports.RING_ENTRIES + 1;

    private static final FastThreadLocal<List<ByteBuf>> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected List<ByteBuf> initialValue() {
            return new ArrayList<>(A_LOOP);
        }

        @Override
        protected void onRemoval(List<ByteBuf> buffers) {
            buffers.forEach(ByteBuf::release);
        }
    };

    /** For decoders: what is read into may be shared by all connections of a loop, so what is kept is copied. */
    static final ByteToMessageDecoder.Cumulator COPYING = (allocator, kept, in) -> {
        if (kept.writableBytes() >= in.readableBytes()) {
            kept.writeBytes(in);
            in.release();
            return kept;
        }
        return copy(allocator, kept, in);
    };

    ReadBuffers() {
        super(1);
    }

    /** A buffer of its own for what two others hold, in whose place it is. */
    static ByteBuf copy(ByteBufAllocator allocator, ByteBuf kept, ByteBuf in) {
        int size = kept.readableBytes() + in.readableBytes();
        ByteBuf copy = allocator.directBuffer(Math.max(size, 512)).writeBytes(kept).writeBytes(in);
        kept.release();
        in.release();
        return copy;
    }

    /** An empty buffer of the present loop, the first that nobody holds on to. */
    static ByteBuf take() {
        List<ByteBuf> buffers = OF_LOOP.get();
        for (int i = 0; i < buffers.size(); i++) {
            if (buffers.get(i).refCnt() == 1) {
                return buffers.get(i).clear().retain();
            }
        }
        ByteBuf fresh = PooledByteBufAllocator.DEFAULT.directBuffer(BYTES, BYTES);
        if (buffers.size() < A_LOOP) {
            buffers.add(fresh.retain());
        }
        return fresh;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return take();
            }

            @Override
            public int guess() {
                return BYTES;
            }
        };
    }

    /** The same buffers, for a ring that the kernel takes them from. */
    static final class Ring implements IoUringBufferRingAllocator {
        @Override
        public ByteBuf allocate() {
            return take();
        }

        @Override
        public void lastBytesRead(int attempted, int actual) {}
    }
}
