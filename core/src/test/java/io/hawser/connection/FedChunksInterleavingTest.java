// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import io.hawser.waiting.Surroundings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread that feeds chunks to a subscriber on the loop. */
@Timeout(120)
class FedChunksInterleavingTest {
    @Test
    void feedsAllThatIsAskedFor() throws Exception {
        assertThat(Interleavings.explore(Feeding.class, 4, FedChunks.class)).isGreaterThan(100);
    }

    @Test
    void seesACancelWhereverItIs() throws Exception {
        assertThat(Interleavings.explore(Cancelling.class, 10, FedChunks.class)).isGreaterThan(10);
    }

    static class Feeding implements Interleavings.Scenario, Flow.Subscriber<String> {
        final List<String> signals = new ArrayList<>();
        private @Nullable FedChunks<String> chunks;
        @Nullable Boolean done;

        @Override
        public List<Runnable> threads() {
            return List.of(this::feed, () -> {
                Steps.await(() -> chunks != null);
                chunks.subscribe(this);
                ask(chunks);
            });
        }

        private void feed() {
            chunks = new FedChunks<>(Surroundings.ofSystem());
            Iterator<String> source = List.of("a", "b").iterator();
            try {
                done = chunks.feed(() -> source.hasNext() ? source.next() : null);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void ask(Flow.Subscription subscription) {
            subscription.request(1);
            subscription.request(1);
            subscription.request(1);
        }

        @Override
        public void verify() {
            assertThat(signals).containsExactly("a", "b", "complete");
            assertThat(done).isTrue();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(String chunk) {
            signals.add(chunk);
        }

        @Override
        public void onError(Throwable failure) {
            signals.add("failed");
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }
    }

    static final class Cancelling extends Feeding {
        @Override
        void ask(Flow.Subscription subscription) {
            subscription.request(1);
            subscription.cancel();
        }

        @Override
        public void verify() {
            assertThat(signals).isIn(List.of(), List.of("a"));
            assertThat(done).isFalse();
        }
    }
}
