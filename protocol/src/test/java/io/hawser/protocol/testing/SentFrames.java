// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.Role;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what an engine sent, which has to be whole frames. */
public final class SentFrames {
    private SentFrames() {}

    /** As {@code read}, but the last frame may be cut, which is shown as "cut". */
    public static List<String> readCut(Role sender, byte[] bytes) {
        List<String> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                frames.add(frame(sender, in));
            }
        } catch (BufferUnderflowException e) {
            frames.add("cut");
        }
        return frames;
    }

    /** The frames, in the words of {@link EngineProbe#data}; reserved bits are shown in front. */
    public static List<String> read(Role sender, byte[] bytes) {
        List<String> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            frames.add(frame(sender, in));
        }
        return frames;
    }

    private static String frame(Role sender, ByteBuffer in) {
        int first = in.get();
        int second = in.get();
        if (second < 0 != (sender == Role.CLIENT)) {
            throw new AssertionError("a client masks, a server does not");
        }
        int length = second & 127;
        if (length == 126) {
            length = in.getShort() & 0xFFFF;
        } else if (length == 127) {
            length = Math.toIntExact(in.getLong());
        }
        byte[] key = new byte[4];
        if (sender == Role.CLIENT) {
            in.get(key);
        }
        byte[] payload = new byte[length];
        in.get(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= key[i % 4];
        }
        int rsv = first >> 4 & 7;
        return (rsv == 0 ? "" : "rsv " + rsv + " ") + EngineProbe.data(first & 15, first < 0, payload);
    }
}
