// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a check on a stream of bytes in every form in which a network could deliver it: whole, cut at each position,
 * byte by byte, in each kind of buffer.
 */
public final class EveryCut {
    private static final int ALL_POSITIONS = 600;

    private EveryCut() {}

    /** Runs the check with each list of buffers; a longer stream is cut at some 200 positions, both ends among them. */
    public static void of(byte[] bytes, Consumer<List<ByteBuffer>> check) {
        for (BufferKind kind : BufferKind.values()) {
            run(kind + ", whole", check, List.of(kind.of(bytes)));
            int step = bytes.length <= ALL_POSITIONS ? 1 : bytes.length / 128;
            for (int at = 1; at < bytes.length; at += at < 40 || at >= bytes.length - 40 ? 1 : step) {
                run(kind + ", cut at " + at, check, List.of(kind.of(bytes, 0, at), kind.of(bytes, at, bytes.length)));
            }
            List<ByteBuffer> single = new ArrayList<>();
            for (int i = 0; i < bytes.length; i++) {
                single.add(kind.of(bytes, i, i + 1));
            }
            run(kind + ", byte by byte", check, single);
        }
    }

    private static void run(String how, Consumer<List<ByteBuffer>> check, List<ByteBuffer> buffers) {
        try {
            check.accept(buffers);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(how + ": " + e.getMessage(), e);
        }
    }
}
