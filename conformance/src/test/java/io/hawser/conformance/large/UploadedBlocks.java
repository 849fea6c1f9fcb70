// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.large;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Blocks of a MiB that begin with their number, so that none can be lost, doubled or moved without being found out. */
final class UploadedBlocks {
    static final int BYTES = 1 << 20;

    private UploadedBlocks() {}

    /** A block with number 0. */
    static byte[] first() {
        byte[] block = new byte[BYTES];
        for (int i = Long.BYTES; i < BYTES; i++) {
            block[i] = (byte) (i * 31 + (i >> 8));
        }
        return block;
    }

    /** Gives a block its number. */
    static void number(byte[] block, long number) {
        ByteBuffer.wrap(block).putLong(0, number);
    }

    /** Reads to the end, and is slower at that than who sends, since it digests what it reads; returns how many blocks came. */
    static long read(InputStream in) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        byte[] expected = first();
        long blocks = 0;
        while (true) {
            byte[] block = in.readNBytes(BYTES);
            if (block.length == 0) {
                return blocks;
            }
            number(expected, blocks++);
            digest.update(block);
            if (!Arrays.equals(block, expected)) {
                throw new IOException("block " + (blocks - 1) + " is not what was sent");
            }
        }
    }
}
