// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Inflater;

/**
 * An inflater for the length of a message.
 *
 * @param zlib inflates what has no header
 * @param out what it has given and nobody has taken
 */
record LeasedInflater(Inflater zlib, ByteBuffer out) implements Leased {
    /** How much is given at once. */
    static final int ROOM_BYTES = 16 << 10;
    /** What zlib takes, a window of 32 KiB and its record, and what it writes to. */
    static final long BYTES = (40 << 10) + ROOM_BYTES;

    @Override
    public long bytes() {
        return BYTES;
    }

    @Override
    public void end() {
        zlib.end();
    }
}
