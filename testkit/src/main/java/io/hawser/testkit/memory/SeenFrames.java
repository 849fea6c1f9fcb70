// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads the frames of one direction, however they are cut, legal or not. It is written apart from the library's own parser, so that both
 * cannot be wrong alike. Whole frames only: what it sees is a test's.
 */
public final class SeenFrames {
    private final Consumer<? super SeenFrame> told;
    /** Up to its position. */
    private ByteBuffer pending = ByteBuffer.allocate(0);

    /** Frames, told one by one. */
    public SeenFrames(Consumer<? super SeenFrame> told) {
        this.told = told;
    }

    /** Bytes came. */
    public void take(byte[] bytes) {
        makeRoom(bytes.length);
        pending.put(bytes).flip();
        while (takeOne()) {
            // one by one
        }
        pending.compact();
    }

    private void makeRoom(int bytes) {
        if (pending.remaining() < bytes) {
            pending = ByteBuffer.allocate(2 * pending.position() + bytes).put(pending.flip());
        }
    }

    /** How many bytes wait for the rest of their frame. */
    public int pendingBytes() {
        return pending.position();
    }

    private boolean takeOne() {
        Optional<SeenFrame> next = next(pending);
        next.ifPresent(told);
        return next.isPresent();
    }

    /** Takes the first frame, if all of it is there. */
    public static Optional<SeenFrame> next(ByteBuffer bytes) {
        ByteBuffer ahead = bytes.slice();
        if (ahead.remaining() < 2) {
            return Optional.empty();
        }
        int head = ahead.get() & 0xFF;
        int second = ahead.get() & 0xFF;
        boolean masked = second >= 0x80;
        int length = second & 0x7F;
        int extended = length < 126 ? 0 : length == 126 ? 2 : 8;
        if (ahead.remaining() < extended + (masked ? 4 : 0)) {
            return Optional.empty();
        }
        long size = extended == 0 ? length : extended == 2 ? ahead.getShort() & 0xFFFF : ahead.getLong();
        OptionalInt key = masked ? OptionalInt.of(ahead.getInt()) : OptionalInt.empty();
        if (ahead.remaining() < size || size < 0) {
            return Optional.empty();
        }
        byte[] payload = new byte[(int) size];
        ahead.get(payload);
        key.ifPresent(value -> unmask(payload, value));
        bytes.position(bytes.position() + ahead.position());
        return Optional.of(new SeenFrame(head, key, ByteBuffer.wrap(payload)));
    }

    private static void unmask(byte[] payload, int key) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= (byte) (key >>> 24 - 8 * (i % 4));
        }
    }
}
