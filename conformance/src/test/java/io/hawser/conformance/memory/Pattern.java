// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes that depend on their position, in blocks: what is lost, doubled or moved is found. */
final class Pattern {
    static final int BLOCK_BYTES = 1 << 16;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final long ODD = 0x9E3779B97F4A7C15L;

    private Pattern() {}

    /** Writes a block into an array. Each eight bytes are masked with this (RFC 6455, 5.3); with 0 they stay as they are. */
    static void write(long block, long mask, byte[] into, int offset) {
        long number = block * (BLOCK_BYTES / Long.BYTES);
        for (int i = 0; i < BLOCK_BYTES; i += Long.BYTES) {
            LONGS.set(into, offset + i, (++number * ODD) ^ mask);
        }
    }
}
