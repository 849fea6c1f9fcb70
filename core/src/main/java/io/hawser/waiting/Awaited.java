// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a blocking call waits for. */
public final class Awaited {
    private Awaited() {}

    /**
     * Waits for a result.
     *
     * @param surroundings where the calling thread is parked meanwhile
     * @param onInterrupt gives what is thrown if the thread is interrupted, whose flag is set then
     * @return the result, also on a thread that is interrupted if it is there; if there is none, what the stage failed with is thrown
     */
    public static <T> T result(
            CompletionStage<T> stage, Surroundings surroundings, Supplier<? extends RuntimeException> onInterrupt) {
        CompletableFuture<T> result = stage.toCompletableFuture();
        if (!result.isDone()) {
            await(result, surroundings, onInterrupt);
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("what was waited for failed otherwise than it may", e.getCause());
        }
    }

    private static void await(
            CompletableFuture<?> result, Surroundings surroundings, Supplier<? extends RuntimeException> onInterrupt) {
        Thread self = Thread.currentThread();
        AtomicReference<@Nullable Thread> waiting = new AtomicReference<>(self);
        // Before it is looked whether the result is there, so that no wake-up is lost; runs at once if it came meanwhile.
        result.whenComplete((value, failure) -> {
            Thread sleeper = waiting.get();
            if (sleeper != null) {
                surroundings.unpark(sleeper);
            }
        });
        try {
            while (!result.isDone()) {
                if (self.isInterrupted()) {
                    throw onInterrupt.get();
                }
                surroundings.park(result);
            }
        } finally {
            waiting.set(null); // one that was interrupted is not woken from other waits when the result comes
        }
    }
}
