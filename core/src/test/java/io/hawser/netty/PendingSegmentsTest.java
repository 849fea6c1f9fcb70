// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingSegmentsTest {
    private final PendingSegments segments = new PendingSegments();

    @Test
    void beginsEmpty() {
        assertThat(segments.size()).isZero();
        assertThat(segments.bytes()).isZero();
        segments.keepLast(0);
        assertThat(segments.bytes()).isZero();
    }

    @Test
    void forgetsTheFirst() {
        segments.add(10);
        segments.add(0);
        segments.add(30);
        segments.keepLast(5);
        assertThat(segments.bytes()).isEqualTo(40);
        segments.keepLast(2);
        assertThat(segments.bytes()).isEqualTo(30);
        segments.keepLast(0);
        assertThat(segments.bytes()).isZero();
    }

    @Test
    void behavesAsAQueueWhereverItsRingBegins() {
        Random random = new Random(7);
        ArrayDeque<Integer> model = new ArrayDeque<>();
        for (int step = 0; step < 10_000; step++) {
            if (random.nextInt(5) < 3) {
                int length = random.nextInt(1 << 16);
                segments.add(length);
                model.addLast(length);
            } else {
                int kept = random.nextInt(model.size() + 2);
                segments.keepLast(kept);
                while (model.size() > kept) {
                    model.removeFirst();
                }
            }
            assertThat(segments.size()).isEqualTo(model.size());
            assertThat(segments.bytes()).isEqualTo(model.stream().mapToLong(Integer::longValue).sum());
        }
    }
}
