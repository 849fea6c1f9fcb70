// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How bytes are cut into writes. What arrives may be joined again on its way: each cut is a chance, not a promise. */
public enum Cut {
    WHOLE(0),
    BYTE_BY_BYTE(0),
    SEED_1(1),
    SEED_20(20),
    SEED_300(300);

    /** Short pieces are likely, so that headers are cut too. */
    private static final int[] LONGEST_PIECES = {1, 3, 8, 64, 4096};

    private final int seed;

    Cut(int seed) {
        this.seed = seed;
    }

    List<byte[]> pieces(byte[] bytes, int from, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> pieces = new ArrayList<>();
        int end = from + length;
        int start = from;
        while (start < end) {
            int to = Math.min(end, start + pieceLength(length, random));
            pieces.add(Arrays.copyOfRange(bytes, start, to));
            start = to;
        }
        return pieces;
    }

    private int pieceLength(int length, SplittableRandom random) {
        return switch (this) {
            case WHOLE -> length;
            case BYTE_BY_BYTE -> 1;
            case SEED_1, SEED_20, SEED_300 -> 1 + random.nextInt(LONGEST_PIECES[random.nextInt(LONGEST_PIECES.length)]);
        };
    }
}
