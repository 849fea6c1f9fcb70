// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AwaitedTest {
    private final CompletableFuture<String> result = new CompletableFuture<>();

    /** What a thread throws that was interrupted. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private String await(Surroundings surroundings) {
        return Awaited.result(result, surroundings, Interrupted::new);
    }

    @Test
    void takesWhatIsThereWithoutAWait() {
        result.complete("there");
        assertThat(await(new ScriptedWaits())).isEqualTo("there");
    }

    @Test
    void goesOnWhenTheResultComes() {
        ScriptedWaits waits = new ScriptedWaits(() -> result.complete("there"));
        assertThat(await(waits)).isEqualTo("there");
        assertThat(waits.wakeUps()).isEqualTo(1);
    }

    @Test
    void waitsOnWhereItIsWokenForNoReason() {
        ScriptedWaits waits = new ScriptedWaits(() -> {}, () -> {}, () -> result.complete("there"));
        assertThat(await(waits)).isEqualTo("there");
        assertThat(waits.isOver()).isTrue();
    }

    /** The result comes between the thread's look at it and its wait. */
    @Test
    void losesNoWakeUpThatComesBeforeItWaits() {
        CompletableFuture<String> late = new CompletableFuture<>() {
            private boolean looked;

            @Override
            public boolean isDone() {
                boolean done = super.isDone();
                if (looked) {
                    complete("there");
                }
                looked = true;
                return done;
            }
        };
        ScriptedWaits waits = new ScriptedWaits();
        assertThat(Awaited.result(late, waits, Interrupted::new)).isEqualTo("there");
        assertThat(waits.wakeUps()).isEqualTo(1);
    }

    @Test
    void isNotMisledByAWakeUpOfAnEarlierWait() {
        Surroundings system = Surroundings.ofSystem();
        system.unpark(Thread.currentThread());
        Executor another = task -> system.start("completes", task);
        assertThat(Awaited.result(CompletableFuture.supplyAsync(() -> "there", another), system, Interrupted::new))
                .isEqualTo("there");
    }

    @Test
    void endsTheWaitOfAThreadThatIsInterrupted() {
        ScriptedWaits waits = new ScriptedWaits(Thread.currentThread()::interrupt);
        assertThatThrownBy(() -> await(waits)).isInstanceOf(Interrupted.class);
        assertThat(Thread.interrupted()).as("the flag, which is put down here").isTrue();
        result.complete("late");
        assertThat(waits.wakeUps()).as("of a thread that has left").isZero();
    }

    @Test
    void doesNotWaitOnAThreadThatIsInterruptedAlready() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> await(new ScriptedWaits())).isInstanceOf(Interrupted.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void takesWhatIsThereOnAThreadThatIsInterrupted() {
        result.complete("there");
        Thread.currentThread().interrupt();
        assertThat(await(new ScriptedWaits())).isEqualTo("there");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void throwsWhatTheStageFailedWith() {
        IllegalStateException failure = new IllegalStateException("failed");
        assertThatThrownBy(() -> await(new ScriptedWaits(() -> result.completeExceptionally(failure)))).isSameAs(failure);
    }

    @Test
    void throwsThatTheStageWasCancelled() {
        assertThatThrownBy(() -> await(new ScriptedWaits(() -> result.cancel(false)))).isInstanceOf(CancellationException.class);
    }

    @Test
    void wrapsWhatNoStageOfOursFailsWith() {
        IOException failure = new IOException("failed");
        assertThatThrownBy(() -> await(new ScriptedWaits(() -> result.completeExceptionally(failure))))
                .isInstanceOf(IllegalStateException.class)
                .hasCause(failure);
    }
}
