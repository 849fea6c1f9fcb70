// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import io.hawser.waiting.Belonging;
import io.hawser.waiting.ScriptedWaits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ChunkQueueTest {
    private final Demand demand = new Demand();
    private final ChunkQueue<String> queue = ChunkQueue.of(wanted -> wanted.onSubscribe(demand));

    /** How much was asked for, and whether the rest was given up. */
    private static final class Demand implements Flow.Subscription {
        private long requested;
        private boolean cancelled;

        @Override
        public void request(long n) {
            requested += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** Does something on this thread, during whose waits happens what a test wrote. */
    private static <T> T during(ScriptedWaits waits, Supplier<T> step) {
        Thread self = Thread.currentThread();
        Belonging.add(self, waits);
        try {
            return step.get();
        } finally {
            Belonging.remove(self, waits);
        }
    }

    private @Nullable String take(Runnable... meanwhile) {
        ScriptedWaits waits = new ScriptedWaits(meanwhile);
        String chunk = during(waits, queue::take);
        assertThat(waits.isOver()).as("waited").isTrue();
        return chunk;
    }

    @Test
    void takesWhatIsThereWithoutAWait() {
        queue.onNext("a");
        queue.onNext("b");
        assertThat(take()).isEqualTo("a");
        assertThat(take()).isEqualTo("b");
        assertThat(demand.requested).isEqualTo(4);
    }

    @Test
    void waitsForAChunkAndForTheEnd() {
        assertThat(take(() -> queue.onNext("a"))).isEqualTo("a");
        assertThat(take(() -> {}, queue::onComplete)).as("woken for no reason at first").isNull();
        assertThat(take()).isNull();
    }

    @Test
    void throwsWhatThePublisherFailsWith() {
        IllegalStateException failure = new IllegalStateException("failed");
        assertThatThrownBy(() -> take(() -> queue.onError(failure))).isSameAs(failure);
    }

    @Test
    void endsAWaitWhenItIsClosed() {
        assertThat(take(queue::close)).isNull();
        assertThat(demand.cancelled).isTrue();
    }

    @Test
    void losesNothingIfItsThreadIsInterrupted() {
        assertThatThrownBy(() -> take(() -> {
            Thread.currentThread().interrupt();
            queue.onNext("a");
        })).isInstanceOf(WaitInterruptedException.class);
        assertThatThrownBy(this::take).as("still interrupted").isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).as("the flag, which is put down here").isTrue();
        assertThat(take()).isEqualTo("a");
    }

    @Test
    void refusesASecondThreadThatWaits() {
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        assertThat(take(() -> {
            try {
                queue.take();
            } catch (IllegalStateException e) {
                refusal.set(e);
            }
            queue.onNext("a");
        })).isEqualTo("a");
        assertThat(refusal.get()).hasMessageContaining("another thread reads this message already");
    }

    @Test
    void takesAllThatAnotherThreadPublishes() throws Exception {
        assertThat(Interleavings.explore(Reading.class, 4, ChunkQueue.class)).isGreaterThan(100);
    }

    @Test
    void endsWhereverItIsClosed() throws Exception {
        assertThat(Interleavings.explore(Closing.class, 6, ChunkQueue.class)).isGreaterThan(10);
    }

    static class Reading implements Interleavings.Scenario {
        final ChunkQueue<String> queue = ChunkQueue.of(wanted -> wanted.onSubscribe(new Demand()));
        final List<String> taken = new ArrayList<>();

        @Override
        public List<Runnable> threads() {
            return List.of(this::read, this::publish);
        }

        private void read() {
            for (String chunk = queue.take(); chunk != null; chunk = queue.take()) {
                taken.add(chunk);
            }
            taken.add("end");
        }

        void publish() {
            queue.onNext("a");
            Steps.step();
            queue.onNext("b");
            queue.onComplete();
        }

        @Override
        public void verify() {
            assertThat(taken).containsExactly("a", "b", "end");
        }
    }

    static final class Closing extends Reading {
        @Override
        void publish() {
            queue.onNext("a");
            queue.close();
        }

        @Override
        public void verify() {
            assertThat(taken).isIn(List.of("end"), List.of("a", "end"));
        }
    }
}
