// SPDX-License-Identifier: Apache-2.0

package io.hawser.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/** Messages as applications send them: JSON, each a little different from the last; the same in every run. */
final class JsonMessages {
    private static final String[] SYMBOLS = {"HWSR", "ROPE", "QUAY", "KEEL", "BUOY", "MAST", "TIDE", "DOCK"};
    private static final String[] VENUES = {"XETR", "XLON", "XPAR", "XAMS"};

    private final SplittableRandom random = new SplittableRandom(20_251_122);
    private long time = 1_763_770_000_000L;

    /** So many messages of so many bytes each. */
    byte[][] next(int count, int bytes) {
        byte[][] messages = new byte[count][];
        for (int i = 0; i < count; i++) {
            messages[i] = next(bytes);
        }
        return messages;
    }

    private byte[] next(int bytes) {
        StringBuilder json = new StringBuilder(bytes + 128).append("{\"quotes\":[").append(quote());
        while (json.length() < bytes - 2) {
            json.append(',').append(quote());
        }
        json.setLength(bytes - 2);
        return json.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private String quote() {
        double bid = 100 + random.nextInt(10_000) / 100.0;
        time += random.nextInt(500);
        return String.format(
                Locale.ROOT,
                "{\"symbol\":\"%s\",\"venue\":\"%s\",\"bid\":%.2f,\"ask\":%.2f,\"size\":%d,\"time\":%d}",
                SYMBOLS[random.nextInt(SYMBOLS.length)],
                VENUES[random.nextInt(VENUES.length)],
                bid,
                bid + random.nextInt(20) / 100.0,
                100 * (1 + random.nextInt(50)),
                time);
    }
}
