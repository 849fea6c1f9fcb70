// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.testing;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the compressed messages of one direction bit by bit (RFC 1951), and notes what an inflater does not tell: the kinds of blocks, how
 * far back they refer, and whether a message ends where it may.
 */
public final class DeflateWalker {
    /** What has been read ends in front of the bits that are wanted. */
    private static final class CutOff extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    private static final int MAX_CODE_BITS = 15;
    private static final int END_OF_BLOCK = 256;
    private static final int[] LENGTHS = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    private static final int[] LENGTH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    private static final int[] CODE_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final List<String> blocks = new ArrayList<>();
    private byte[] text = new byte[1024];
    private int size;
    private int largestDistance;
    private byte[] in = {};
    private int bit;

    /** How far back anything referred. */
    public int largestDistance() {
        return largestDistance;
    }

    /** The blocks so far: stored, fixed or dynamic; the last of a stream "final stored". */
    public List<String> blocks() {
        return blocks;
    }

    /**
     * Reads a message.
     *
     * @return what it comes to
     * @throws AssertionError if it does not end where it may
     */
    public byte[] message(byte[] compressed) {
        int before = size;
        if (!endsWell(compressed)) {
            throw new AssertionError("the message ends inside a block: " + Hex.hex(compressed));
        }
        return Arrays.copyOfRange(text, before, size);
    }

    /** Reads a message; returns whether its last bits are the head of an empty stored block, whose other four bytes are left out. */
    public boolean endsWell(byte[] compressed) {
        in = compressed;
        bit = 0;
        try {
            while (true) {
                boolean last = bits(1) == 1;
                int kind = bits(2);
                if (kind == 0 && (bit + 7) / 8 == in.length) {
                    return true;
                }
                blocks.add((last ? "final " : "") + List.of("stored", "fixed", "dynamic").get(kind));
                switch (kind) {
                    case 0 -> stored();
                    case 1 -> compressed(fixed(), new Code(filled(30, 5)));
                    default -> dynamic();
                }
                if (last) {
                    align();
                }
            }
        } catch (CutOff end) {
            return false;
        }
    }

    /** Takes text that the peer got in another way. */
    public void passed(byte[] other) {
        for (byte b : other) {
            put(b);
        }
    }

    private void align() {
        bit = (bit + 7) / 8 * 8;
    }

    private int bits(int count) throws CutOff {
        int value = 0;
        for (int i = 0; i < count; i++, bit++) {
            if (bit / 8 >= in.length) {
                throw new CutOff();
            }
            value |= (in[bit / 8] >> bit % 8 & 1) << i;
        }
        return value;
    }

    private void put(int value) {
        if (size == text.length) {
            text = Arrays.copyOf(text, 2 * size);
        }
        text[size++] = (byte) value;
    }

    private void stored() throws CutOff {
        align();
        int length = bits(16);
        require((length ^ bits(16)) == 0xFFFF, "a stored block's length does not fit its complement");
        for (int i = 0; i < length; i++) {
            put(bits(8));
        }
    }

    private static Code fixed() {
        int[] lengths = filled(288, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        return new Code(lengths);
    }

    private static int[] filled(int size, int value) {
        int[] filled = new int[size];
        Arrays.fill(filled, value);
        return filled;
    }

    private void dynamic() throws CutOff {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int codes = bits(4) + 4;
        int[] ofLengths = new int[19];
        for (int i = 0; i < codes; i++) {
            ofLengths[CODE_ORDER[i]] = bits(3);
        }
        Code lengthCode = new Code(ofLengths);
        int[] lengths = new int[literals + distances];
        for (int at = 0; at < lengths.length; ) {
            int symbol = symbol(lengthCode);
            int repeated = symbol == 16 ? lengths[at - 1] : symbol < 16 ? symbol : 0;
            int times = switch (symbol) {
                case 16 -> 3 + bits(2);
                case 17 -> 3 + bits(3);
                case 18 -> 11 + bits(7);
                default -> 1;
            };
            Arrays.fill(lengths, at, at + times, repeated);
            at += times;
        }
        compressed(new Code(Arrays.copyOf(lengths, literals)), new Code(Arrays.copyOfRange(lengths, literals, lengths.length)));
    }

    private void compressed(Code literals, Code distances) throws CutOff {
        for (int symbol = symbol(literals); symbol != END_OF_BLOCK; symbol = symbol(literals)) {
            if (symbol < END_OF_BLOCK) {
                put(symbol);
            } else {
                int length = LENGTHS[symbol - 257] + bits(LENGTH_BITS[symbol - 257]);
                int code = symbol(distances);
                int extra = Math.max(0, code / 2 - 1);
                int distance = (code < 4 ? code : (2 + code % 2 << extra) + bits(extra)) + 1;
                require(distance <= size, "a distance of " + distance + " where there are " + size + " bytes");
                largestDistance = Math.max(largestDistance, distance);
                for (int i = 0; i < length; i++) {
                    put(text[size - distance]);
                }
            }
        }
    }

    /** The next symbol: codes of a length are consecutive numbers, the shorter ones first (RFC 1951, 3.2.2). */
    private int symbol(Code code) throws CutOff {
        int value = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MAX_CODE_BITS; length++) {
            value |= bits(1);
            int count = code.counts[length];
            if (value - first < count) {
                return code.symbols[index + value - first];
            }
            index += count;
            first = first + count << 1;
            value <<= 1;
        }
        throw new AssertionError("bits that are no code");
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new AssertionError(otherwise);
        }
    }

    /** A Huffman code: how many symbols have codes of each length, and the symbols in the order of their codes. */
    private static final class Code {
        private final int[] counts = new int[MAX_CODE_BITS + 1];
        private final int[] symbols;

        Code(int[] lengths) {
            symbols = new int[lengths.length];
            int next = 0;
            for (int length = 1; length <= MAX_CODE_BITS; length++) {
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        counts[length]++;
                        symbols[next++] = symbol;
                    }
                }
            }
        }
    }
}
