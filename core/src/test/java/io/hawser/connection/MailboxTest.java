// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final PlainWire loop = new PlainWire();
    private final List<Integer> done = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private int begun;
    private int batches;
    private final Mailbox mailbox = new Mailbox(loop, new Mailbox.Owner() {
        @Override
        public void begin() {
            begun++;
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }

        @Override
        public void end() {
            batches++;
        }
    });

    @Test
    void wakesTheLoopOnceForABatch() throws InterruptedException {
        Thread sender = Thread.ofPlatform().start(() -> IntStream.range(0, 1000).forEach(this::post));
        sender.join();
        assertThat(loop.wakeUps()).isEqualTo(1);
        loop.run();
        assertThat(done).isEqualTo(IntStream.range(0, 1000).boxed().toList());
        assertThat(batches).isEqualTo(1);
    }

    @Test
    void keepsTheOrderOfEachThread() throws InterruptedException {
        List<Thread> senders = IntStream.range(0, 4)
                .mapToObj(thread -> Thread.ofVirtual().start(
                        () -> IntStream.range(0, 500).forEach(i -> post(thread * 1000 + i))))
                .toList();
        while (senders.stream().anyMatch(Thread::isAlive)) {
            loop.run();
            Thread.onSpinWait();
        }
        loop.run();
        assertThat(done).hasSize(2000);
        for (int thread = 0; thread < 4; thread++) {
            int first = thread * 1000;
            assertThat(done.stream().filter(i -> i / 1000 * 1000 == first))
                    .containsExactlyElementsOf(IntStream.range(first, first + 500).boxed().toList());
        }
    }

    @Test
    void letsOthersHaveATurnAmongManyTasks() {
        IntStream.range(0, 3000).forEach(this::post);
        loop.runOne();
        assertThat(done).hasSizeLessThan(3000);
        assertThat(mailbox.isEmpty()).isFalse();
        loop.run();
        assertThat(done).isEqualTo(IntStream.range(0, 3000).boxed().toList());
        assertThat(batches).isEqualTo(3);
        assertThat(mailbox.isEmpty()).isTrue();
    }

    @Test
    void runsTasksThatTasksPost() {
        mailbox.post(() -> post(1));
        loop.run();
        assertThat(done).containsExactly(1);
    }

    @Test
    void goesOnBehindATaskThatFails() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        mailbox.post(() -> {
            throw failure;
        });
        post(1);
        loop.run();
        assertThat(done).containsExactly(1);
        assertThat(failures).containsExactly(failure);
        assertThat(begun).isEqualTo(1);
        assertThat(batches).isEqualTo(1);
    }

    private void post(int number) {
        mailbox.post(() -> done.add(number));
    }
}
