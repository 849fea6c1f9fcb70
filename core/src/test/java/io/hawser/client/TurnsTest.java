// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
    @Test
    void runsWhatATaskAddsBehindIt() {
        List<String> done = new ArrayList<>();
        Turns turns = new Turns(Runnable::run);
        turns.run(() -> {
            turns.run(() -> done.add("second"));
            done.add("first");
        });
        turns.run(() -> done.add("third"));
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void goesOnBehindATaskThatFails() {
        List<String> done = new ArrayList<>();
        Turns turns = new Turns(Runnable::run);
        turns.run(() -> {
            turns.run(() -> done.add("next"));
            throw new IllegalStateException("broken");
        });
        turns.run(() -> done.add("later"));
        assertThat(done).containsExactly("next", "later");
    }

    @Test
    void runsOneTaskAtATimeAndEachThreadsInOrder() throws Exception {
        int senders = 4;
        int each = 5000;
        List<Integer> done = new ArrayList<>(); // not made for many threads, and need not be
        CountDownLatch all = new CountDownLatch(senders * each);
        try (var threads = Executors.newFixedThreadPool(senders)) {
            Turns turns = new Turns(task -> Thread.ofVirtual().start(task));
            for (int sender = 0; sender < senders; sender++) {
                int first = sender * each;
                threads.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        int number = first + i;
                        turns.run(() -> {
                            done.add(number);
                            all.countDown();
                        });
                    }
                });
            }
            assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        }
        for (int sender = 0; sender < senders; sender++) {
            int first = sender * each;
            assertThat(done.stream().filter(number -> number / each == first / each)).hasSize(each).isSorted();
        }
    }
}
