// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings the signals of one publisher to the loop, in their order: one that comes on the loop waits behind those that came on another thread
 * and are still on their way. Signals come one after another (Reactive Streams 1.3), on any thread.
 */
final class Signals {
    private final Batches batches;
    private final AtomicInteger underWay = new AtomicInteger();

    Signals(Batches batches) {
        this.batches = batches;
    }

    /** Whether a signal that comes now may take effect at once. */
    boolean isAtOnce() {
        return batches.isOpen() && underWay.get() == 0;
    }

    void run(Runnable signal) {
        if (batches.isInLoop() && underWay.get() == 0) {
            batches.run(signal);
        } else {
            underWay.incrementAndGet();
            batches.post(() -> {
                underWay.decrementAndGet();
                signal.run();
            });
        }
    }
}
