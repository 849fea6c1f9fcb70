// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LoopTasksTest {
    /** An event loop in a test's hand: who made it is its thread. */
    static final class HandLoop {
        final ArrayDeque<Runnable> rounds = new ArrayDeque<>();
        private final Thread thread = Thread.currentThread();
        private boolean ended;

        EventLoop loop() {
            return (EventLoop) Proxy.newProxyInstance(
                    EventLoop.class.getClassLoader(), new Class<?>[] {EventLoop.class}, (proxy, method, arguments) -> switch (
                            method.getName()) {
                        case "inEventLoop" -> Thread.currentThread().equals(thread);
                        case "execute" -> {
                            execute((Runnable) arguments[0]);
                            yield null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private void execute(Runnable task) {
            if (ended) {
                throw new RejectedExecutionException();
            }
            rounds.add(task);
        }
    }

    private final HandLoop hand = new HandLoop();
    private final List<Integer> done = new ArrayList<>();
    private LoopTasks tasks;

    @BeforeEach
    void makeTasks() throws InterruptedException {
        // They belong to the thread that asks for them first, so to one that no other test has.
        fromAnotherThread(() -> tasks = LoopTasks.of(hand.loop()));
    }

    private void fromAnotherThread(Runnable action) throws InterruptedException {
        Thread.ofVirtual().start(action).join();
    }

    @Test
    void wakesTheLoopOnceForABatch() throws InterruptedException {
        fromAnotherThread(() -> IntStream.range(0, 100).forEach(i -> tasks.execute(() -> done.add(i))));
        assertThat(hand.rounds).hasSize(1);
        hand.rounds.remove().run();
        assertThat(done).isEqualTo(IntStream.range(0, 100).boxed().toList());
        fromAnotherThread(() -> tasks.execute(() -> done.add(100)));
        assertThat(hand.rounds).hasSize(1);
    }

    @Test
    void runsTheLoopsOwnTasksInALaterTurn() {
        tasks.execute(() -> done.add(1));
        assertThat(done).isEmpty();
        hand.rounds.remove().run();
        assertThat(done).containsExactly(1);
    }

    @Test
    void goesOnBehindATaskThatFails() throws InterruptedException {
        fromAnotherThread(() -> {
            tasks.execute(() -> {
                throw new AssertionError("on purpose");
            });
            tasks.execute(() -> done.add(1));
        });
        hand.rounds.remove().run();
        assertThat(done).containsExactly(1);
    }

    @Test
    void runsTasksOnTheirOwnThreadWhenTheLoopHasEnded() throws InterruptedException {
        hand.ended = true;
        fromAnotherThread(() -> {
            tasks.execute(() -> done.add(1));
            tasks.execute(() -> done.add(2));
        });
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void losesNoTask() throws Exception {
        assertThat(Interleavings.explore(Posting.class, 2, LoopTasks.class)).isGreaterThan(100);
    }

    @Test
    void wakesEachSleeperOfARound() throws Exception {
        assertThat(Interleavings.explore(Waking.class, 2, LoopTasks.class)).isGreaterThan(5);
    }

    /** Two threads post to a loop that goes round while there is something to do. */
    static class Posting implements Interleavings.Scenario {
        private final List<Integer> ran = new ArrayList<>();
        @Nullable LoopTasks posted;

        @Override
        public List<Runnable> threads() {
            return List.of(this::loop, () -> post(10), () -> post(20));
        }

        private void post(int first) {
            Steps.await(() -> posted != null);
            posted.execute(() -> ran.add(first));
            posted.execute(() -> ran.add(first + 1));
        }

        boolean isOver() {
            return ran.size() == 4;
        }

        final void loop() {
            HandLoop own = new HandLoop();
            posted = LoopTasks.of(own.loop());
            while (!isOver()) {
                Steps.await(() -> !own.rounds.isEmpty() || isOver());
                if (!own.rounds.isEmpty()) {
                    own.rounds.remove().run();
                }
            }
        }

        @Override
        public void verify() {
            assertThat(ran).hasSize(4).containsSubsequence(10, 11).containsSubsequence(20, 21);
        }
    }

    /** Two threads sleep, and what a third posts wakes both in one round. */
    static final class Waking extends Posting {
        private final List<Thread> sleepers = new ArrayList<>();
        private int woken;

        @Override
        public List<Runnable> threads() {
            return List.of(this::loop, this::sleep, this::sleep, () -> {
                Steps.await(() -> posted != null && sleepers.size() == 2);
                posted.execute(() -> sleepers.forEach(posted::wake));
            });
        }

        private void sleep() {
            sleepers.add(Thread.currentThread());
            Steps.park(this);
            woken++;
        }

        @Override
        boolean isOver() {
            return woken == 2;
        }

        @Override
        public void verify() {
            assertThat(woken).isEqualTo(2);
        }
    }
}
