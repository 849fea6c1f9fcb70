// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends on a thread of its own while the test reads. */
final class Sender implements AutoCloseable {
    private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
    private Future<?> sending;

    /** What is sent; may throw what sockets throw. */
    @FunctionalInterface
    interface Sending {
        void run() throws Exception;
    }

    void start(Sending bytes) {
        sending = thread.submit((Callable<Void>) () -> {
            bytes.run();
            return null;
        });
    }

    /** Asserts that all was sent. */
    void expectDone() {
        assertThat(sending).succeedsWithin(Target.HANG_GUARD);
    }

    /** Waits until all was sent, or the end of the connection ended the sending. */
    void expectOver() {
        Target.awaiting().until(sending::isDone);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
