// SPDX-License-Identifier: Apache-2.0

package io.hawser.waiting;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** What a blocking call waits for. */
public final class Awaited {
    private Awaited() {}

    /**
     * Waits for a result.
     *
     * @param onInterrupt gives what is thrown if the thread is interrupted, whose flag is set then
     * @return the result; if there is none, what the stage failed with is thrown
     */
    public static <T> T result(CompletionStage<T> stage, Supplier<? extends RuntimeException> onInterrupt) {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw onInterrupt.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("what was waited for failed otherwise than it may", e.getCause());
        }
    }
}
