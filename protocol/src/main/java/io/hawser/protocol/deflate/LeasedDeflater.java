// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * A deflater for the length of a message.
 *
 * @param zlib deflates without a header
 * @param out where to
 */
record LeasedDeflater(Deflater zlib, ByteBuffer out) implements Leased {
    /** Room for a part of a message that cannot be compressed, in segments of the smallest window. */
    static final int ROOM_BYTES = 40 << 10;
    /** What zlib takes for the largest window, twice 128 KiB and its record, and what it writes to. */
    static final long BYTES = (264 << 10) + ROOM_BYTES;

    @Override
    public long bytes() {
        return BYTES;
    }

    @Override
    public void end() {
        zlib.end();
    }
}
