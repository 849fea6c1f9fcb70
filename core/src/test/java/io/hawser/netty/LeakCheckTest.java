// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, since it leaks a buffer and takes back the report. */
@Isolated
@ExtendWith(LeakCheck.class)
class LeakCheckTest {
    @Test
    void reportsABufferThatNobodyReleases() {
        leak();
        assertThat(LeakCheck.leaks()).singleElement().asString().contains("ByteBuf was not released");
        assertThat(LeakCheck.leaks()).isEmpty();
    }

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16);
    }

    @Test
    void isContentWithABufferThatWasReleased() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        assertThat(LeakCheck.leaks()).isEmpty();
    }
}
