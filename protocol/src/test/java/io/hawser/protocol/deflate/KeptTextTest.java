// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("hostile-50")
class KeptTextTest {
    private static byte[] text(KeptText kept) {
        return Arrays.copyOf(kept.array(), kept.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void areTheLastBytesOfAll(int maxBytes) {
        Random random = new Random(maxBytes);
        KeptText kept = new KeptText(maxBytes);
        byte[] all = {};
        for (int i = 0; i < 300; i++) {
            byte[] added = new byte[random.nextInt(random.nextBoolean() ? 4 : 2 * maxBytes + 2)];
            random.nextBytes(added);
            ByteBuffer buffer = ByteBuffer.allocate(added.length + 5).position(2).put(added).flip().position(2);
            kept.add(random.nextBoolean() ? buffer : buffer.asReadOnlyBuffer());
            assertThat(buffer.remaining()).isEqualTo(added.length);
            all = Arrays.copyOf(all, all.length + added.length);
            System.arraycopy(added, 0, all, all.length - added.length, added.length);
            assertThat(text(kept)).isEqualTo(Arrays.copyOfRange(all, Math.max(0, all.length - maxBytes), all.length));
            assertThat(kept.array().length).isLessThanOrEqualTo(maxBytes);
        }
    }

    @Test
    void takeNoMoreRoomThanTwiceWhatThereIs() {
        KeptText kept = new KeptText(32 << 10);
        assertThat(kept.array()).isEmpty();
        kept.add(ByteBuffer.allocate(100));
        assertThat(kept.array()).hasSize(100);
        kept.add(ByteBuffer.allocate(10));
        assertThat(kept.array()).hasSize(200);
    }

    @Test
    void areForgotten() {
        KeptText kept = new KeptText(10);
        kept.add(ByteBuffer.allocate(20));
        kept.clear();
        assertThat(kept.size()).isZero();
        assertThat(kept.array()).as("no memory either").isEmpty();
        kept.add(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(text(kept)).containsExactly(1, 2);
    }
}
