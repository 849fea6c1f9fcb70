// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import java.nio.ByteBuffer;

/** Bytes that are there, written a slice at a time: all at once would be held twice, in the channel as well. */
final class BytesPart implements BodyPart {
    private static final int SLICE_BYTES = 64 << 10;

    private final BodyWriter out;
    private final ByteBuffer data;

    BytesPart(BodyWriter out, ByteBuffer data) {
        this.out = out;
        this.data = data;
    }

    @Override
    public boolean goOn() {
        while (data.hasRemaining() && out.isWritable()) {
            int length = Math.min(SLICE_BYTES, data.remaining());
            out.write(data.slice(data.position(), length));
            data.position(data.position() + length);
        }
        return !data.hasRemaining();
    }

    @Override
    public void cancel() {}
}
