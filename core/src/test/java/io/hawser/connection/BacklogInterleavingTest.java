// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import io.hawser.waiting.Surroundings;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait for room while the loop sends, and while the connection ends. */
@Timeout(120)
class BacklogInterleavingTest {
    @Test
    void wakesAllWhoWaitWhenTheBytesAreFew() throws Exception {
        assertThat(Interleavings.explore(Draining.class, 2, Backlog.class)).isGreaterThan(100);
    }

    @Test
    void wakesAllWhoWaitAtTheEndThoughBytesStay() throws Exception {
        assertThat(Interleavings.explore(Ending.class, 2, Backlog.class)).isGreaterThan(100);
    }

    @Test
    void neverShowsLessThanThereIs() throws Exception {
        assertThat(Interleavings.explore(Taking.class, 10, Backlog.class)).isGreaterThan(5);
    }

    static class Draining implements Interleavings.Scenario {
        private static final int WAITERS = 2;

        final Backlog backlog = new Backlog(Surroundings.ofSystem());
        private final ArrayDeque<Runnable> asked = new ArrayDeque<>();
        private long taken;
        private int through;

        @Override
        public List<Runnable> threads() {
            backlog.post(10);
            return List.of(this::await, this::await, this::loop);
        }

        private void await() {
            backlog.await(4, this::isEnded, () -> asked.add(this::update));
            through++;
        }

        boolean isEnded() {
            return false;
        }

        private void update() {
            backlog.update(taken, 4);
        }

        private void loop() {
            taken = 10;
            backlog.take(10, taken);
            update();
            goOn();
            while (through < WAITERS) {
                Steps.await(() -> !asked.isEmpty() || through == WAITERS);
                if (!asked.isEmpty()) {
                    asked.remove().run();
                }
            }
        }

        void goOn() {
            taken = 4;
            update();
        }

        @Override
        public void verify() {
            assertThat(backlog.bytes()).isEqualTo(4);
        }
    }

    static final class Ending extends Draining {
        private boolean ended;

        @Override
        boolean isEnded() {
            Steps.step();
            return ended;
        }

        @Override
        void goOn() {
            ended = true;
            Steps.step();
            backlog.wakeAll();
        }

        @Override
        public void verify() {
            assertThat(backlog.bytes()).isEqualTo(10);
        }
    }

    static final class Taking implements Interleavings.Scenario {
        private final Backlog backlog = new Backlog(Surroundings.ofSystem());

        @Override
        public List<Runnable> threads() {
            backlog.post(10);
            return List.of(
                    () -> backlog.take(10, 10),
                    () -> assertThat(backlog.bytes()).isBetween(10L, 20L));
        }

        @Override
        public void verify() {
            assertThat(backlog.bytes()).isEqualTo(10);
        }
    }
}
