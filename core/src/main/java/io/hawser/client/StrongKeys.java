// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.protocol.MaskingKeys;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Masking keys of one connection from a strong source, which is asked for many at a time: it may cost a system call. Its loop's own. */
final class StrongKeys implements MaskingKeys {
    private static final int KEYS_AT_A_TIME = 64;

    private final SecureRandom random;
    private final ByteBuffer keys = ByteBuffer.allocate(KEYS_AT_A_TIME * Integer.BYTES).limit(0);

    StrongKeys(SecureRandom random) {
        this.random = random;
    }

    @Override
    public int next() {
        if (!keys.hasRemaining()) {
            random.nextBytes(keys.array());
            keys.clear();
        }
        return keys.getInt();
    }
}
