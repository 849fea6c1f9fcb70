// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * One large read buffer a loop, used by all its connections in turn: a read takes whatever has come in one system call, and an idle connection
 * holds no buffer. Who wants to keep what was read copies it before the next read, which is why every handler here does.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    static final int BYTES = 256 << 10;

    private static final FastThreadLocal<ByteBuf> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return PooledByteBufAllocator.DEFAULT.directBuffer(BYTES, BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    ReadBuffers() {
        super(1);
    }

    @Override
    public ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                ByteBuf shared = OF_LOOP.get();
                // Somebody below us holds on to it, a TLS handler with part of a record: then this read has its own.
                return shared.refCnt() > 1 ? allocator.directBuffer(BYTES) : shared.clear().retain();
            }

            @Override
            public int guess() {
                return BYTES;
            }
        };
    }
}
