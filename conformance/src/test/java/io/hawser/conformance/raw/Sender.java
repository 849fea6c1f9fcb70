// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends on a thread of its own while the test reads. */
public final class Sender implements AutoCloseable {
    private static final Duration HANG_GUARD = Duration.ofSeconds(20);

    private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
    private Future<?> sending;

    /** What is sent; may throw what sockets throw. */
    @FunctionalInterface
    public interface Sending {
        void run() throws Exception;
    }

    /** Begins. */
    public void start(Sending bytes) {
        sending = thread.submit((Callable<Void>) () -> {
            bytes.run();
            return null;
        });
    }

    /** Asserts that all was sent. */
    public void expectDone() {
        assertThat(sending).succeedsWithin(HANG_GUARD);
    }

    /** Waits until all was sent, or the end of the connection ended the sending. */
    public void expectOver() {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(HANG_GUARD).until(sending::isDone);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
