// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.interleaving.Interleavings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two threads add turns, and whoever comes first runs those of both. */
@Timeout(120)
class TurnsInterleavingTest {
    @Test
    void losesNoTurnRunsOneAtATimeAndKeepsTheOrderOfEachThread() throws Exception {
        assertThat(Interleavings.explore(Adding.class, 4, Turns.class)).isGreaterThan(50);
    }

    static final class Adding implements Interleavings.Scenario {
        private final Turns turns = new Turns(Runnable::run);
        private final List<Integer> done = new ArrayList<>();
        private boolean running;

        @Override
        public List<Runnable> threads() {
            return List.of(() -> add(10), () -> add(20));
        }

        private void add(int first) {
            for (int i = first; i < first + 2; i++) {
                int number = i;
                turns.run(() -> {
                    assertThat(running).as("another turn").isFalse();
                    running = true;
                    done.add(number);
                    running = false;
                });
            }
        }

        @Override
        public void verify() {
            assertThat(done).hasSize(4).containsSubsequence(10, 11).containsSubsequence(20, 21);
        }
    }
}
