// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** What a blocking call waits for. */
final class Awaited {
    static final Duration NO_TIMEOUT = Duration.ofSeconds(Long.MAX_VALUE);

    private Awaited() {}

    /**
     * Waits for a result.
     *
     * @throws WaitInterruptedException if the thread is interrupted, whose flag stays set
     */
    static <T> T result(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("interrupted while waiting for a message's end");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("the message failed", e.getCause());
        }
    }
}
