// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import io.hawser.protocol.Role;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Streams of frames, most of them almost right. */
public final class RandomStream {
    private static final int[] CODES = {
        1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 1016, 2999,
        3000, 4000, 4999, 5000, 0, 999, 65535
    };

    private final SplittableRandom random;
    private final Role receiver;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private RandomStream(Role receiver, SplittableRandom random) {
        this.receiver = receiver;
        this.random = random;
    }

    /** A stream for {@code receiver}: some messages, with faults in about half of all streams. */
    public static byte[] to(Role receiver, SplittableRandom random) {
        return new RandomStream(receiver, random).stream();
    }

    private byte[] stream() {
        boolean faulty = random.nextBoolean();
        int messages = random.nextInt(1, 7);
        for (int i = 0; i < messages; i++) {
            message(faulty && random.nextInt(messages) == 0);
        }
        if (random.nextInt(3) == 0) {
            close(faulty);
            message(false);
        }
        byte[] bytes = out.toByteArray();
        if (faulty && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) > 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }

    private void message(boolean faulty) {
        int fault = faulty ? random.nextInt(7) : -1;
        boolean text = random.nextBoolean();
        byte[] payload = text ? text() : bytes(size());
        if (fault == 0 && payload.length > 0) {
            payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
        }
        int opcode = text ? Wire.TEXT : Wire.BINARY;
        int from = 0;
        int fragments = random.nextInt(3) == 0 ? random.nextInt(fault == 1 ? 9 : 4) : 0;
        for (int i = 0; i < fragments; i++) {
            int to = random.nextInt(from, payload.length + 1);
            frame(opcode, Arrays.copyOfRange(payload, from, to), fault == 2 && i == 0);
            opcode = fault == 3 ? opcode : Wire.CONTINUATION;
            from = to;
            if (random.nextInt(4) == 0) {
                frame(Wire.FIN | (random.nextBoolean() ? Wire.PING : Wire.PONG), bytes(random.nextInt(20)), false);
            }
        }
        int first = fault == 4 ? random.nextInt(256) : Wire.FIN | opcode;
        frame(first, Arrays.copyOfRange(payload, from, payload.length), fault == 5);
        if (fault == 6) {
            announced();
        }
    }

    /** A header alone, with any length in any form. */
    private void announced() {
        int form = random.nextBoolean() ? 126 : 127;
        byte[] length = bytes(form == 126 ? 2 : 8);
        Arrays.fill(length, 0, random.nextInt(length.length + 1), (byte) 0);
        out.write(Wire.FIN | Wire.BINARY);
        out.write(form | (receiver == Role.SERVER ? 0x80 : 0));
        out.writeBytes(length);
        out.writeBytes(bytes(random.nextInt(12)));
    }

    private void close(boolean faulty) {
        int code = faulty ? CODES[random.nextInt(CODES.length)] : 1000 + random.nextInt(4);
        byte[] body = switch (random.nextInt(faulty ? 4 : 3)) {
            case 0 -> new byte[0];
            case 1 -> Wire.closeBody(code, "");
            case 2 -> Wire.closeBody(code, "bye \u20ac");
            default -> Arrays.copyOf(Wire.closeBody(code, "\u00e9\u20ac"), random.nextInt(1, 8));
        };
        frame(Wire.FIN | Wire.CLOSE, body, false);
    }

    private void frame(int first, byte[] payload, boolean wrongMask) {
        boolean masked = receiver == Role.SERVER != wrongMask;
        int key = random.nextInt(8) == 0 ? 0 : random.nextInt();
        out.writeBytes(masked ? Wire.masked(first, key, payload) : Wire.unmasked(first, payload));
    }

    private byte[] text() {
        StringBuilder text = new StringBuilder();
        int characters = size();
        while (text.length() < characters) {
            int bound = random.nextInt(3) == 0 ? 0x110000 : random.nextBoolean() ? 0x80 : 0x900;
            int codePoint = random.nextInt(bound);
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.appendCodePoint(codePoint);
            }
        }
        return Wire.utf8(text.toString());
    }

    private int size() {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextInt(100, 160);
            default -> random.nextInt(40);
        };
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
