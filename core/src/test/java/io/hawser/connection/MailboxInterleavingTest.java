// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two threads post to a mailbox while the loop empties it. */
@Timeout(120)
class MailboxInterleavingTest {
    @Test
    void losesNoTaskAndKeepsTheOrderOfEachThread() throws Exception {
        assertThat(Interleavings.explore(Posting.class, 3, Mailbox.class)).isGreaterThan(100);
    }

    /** The exploration itself: finds the wake-up that a mailbox would miss that forgets its flag at the end of a batch. */
    @Test
    void findsAMissedWakeUp() {
        assertThatThrownBy(() -> Interleavings.explore(Forgetting.class, 2, Forgetting.class))
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("threads wait, and nobody is left to wake them");
    }

    static final class Posting implements Interleavings.Scenario {
        private final PlainWire loop = new PlainWire();
        private final List<Integer> done = new ArrayList<>();
        private int open;
        private final Mailbox mailbox = new Mailbox(loop, new Mailbox.Owner() {
            @Override
            public void begin() {
                open++;
            }

            @Override
            public void failed(Throwable cause) {
                throw new AssertionError(cause);
            }

            @Override
            public void end() {
                open--;
            }
        });

        @Override
        public List<Runnable> threads() {
            return List.of(() -> post(10), () -> post(20), () -> {
                while (done.size() < 4) {
                    Steps.await(loop::hasTasks);
                    loop.runOne();
                }
            });
        }

        private void post(int first) {
            for (int i = first; i < first + 2; i++) {
                int number = i;
                mailbox.post(() -> {
                    assertThat(open).as("open batches").isEqualTo(1);
                    done.add(number);
                });
            }
        }

        @Override
        public void verify() {
            loop.run();
            assertThat(done).hasSize(4).containsSubsequence(10, 11).containsSubsequence(20, 21);
            assertThat(open).isZero();
            assertThat(mailbox.isEmpty()).isTrue();
        }
    }

    static final class Forgetting implements Interleavings.Scenario {
        private final ConcurrentLinkedQueue<Integer> tasks = new ConcurrentLinkedQueue<>();
        private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
        private final AtomicBoolean scheduled = new AtomicBoolean();
        private int done;

        @Override
        public List<Runnable> threads() {
            return List.of(this::post, this::post, () -> {
                while (done < 2) {
                    Steps.await(() -> !loop.isEmpty());
                    loop.remove().run();
                }
            });
        }

        private void post() {
            tasks.add(1);
            if (scheduled.compareAndSet(false, true)) {
                loop.add(this::drain);
            }
        }

        private void drain() {
            while (tasks.poll() != null) {
                done++;
            }
            scheduled.set(false);
        }

        @Override
        public void verify() {}
    }
}
