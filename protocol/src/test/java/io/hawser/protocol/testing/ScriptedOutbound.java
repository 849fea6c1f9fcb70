// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.engine.Outbound;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A transport that takes what its script lets it take, and holds the engine to the contract of {@link Outbound}. */
public final class ScriptedOutbound implements Outbound {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Integer> pieces = new ArrayList<>();
    private @Nullable ByteBuffer reserved;
    private int takes = Integer.MAX_VALUE;
    private int ends;
    private int cuts;

    /** Lets the engine encode so many pieces, then no more. */
    public void takes(int more) {
        takes = more;
    }

    @Override
    public ByteBuffer reserve(int bytes) {
        collect();
        require(takes > 0, "reserved although not writable");
        require(ends + cuts == 0, "reserved after the end");
        require(bytes > 0 && bytes <= (64 << 10) + 14, "reserved " + bytes);
        takes--;
        pieces.add(bytes);
        reserved = ByteBuffer.allocate(bytes + 7).position(5).limit(bytes + 5);
        return reserved;
    }

    @Override
    public boolean isWritable() {
        return takes > 0;
    }

    @Override
    public void end() {
        require(ends + cuts == 0, "ended twice, or after it was cut");
        ends++;
    }

    @Override
    public void cut() {
        require(cuts == 0, "cut twice");
        cuts++;
    }

    public boolean isEnded() {
        return ends > 0;
    }

    public boolean isCut() {
        return cuts > 0;
    }

    /** All bytes so far. */
    public byte[] bytes() {
        collect();
        return written.toByteArray();
    }

    public int size() {
        collect();
        return written.size();
    }

    /** The sizes in which bytes were reserved. */
    public List<Integer> pieces() {
        return pieces;
    }

    private void collect() {
        ByteBuffer filled = reserved;
        if (filled != null) {
            require(!filled.hasRemaining(), "not all that was reserved was written: " + filled.remaining() + " left");
            byte[] bytes = new byte[filled.position() - 5];
            filled.get(5, bytes);
            written.writeBytes(bytes);
            reserved = null;
        }
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new AssertionError(otherwise);
        }
    }
}
