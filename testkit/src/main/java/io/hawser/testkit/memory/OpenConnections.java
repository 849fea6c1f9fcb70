// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.WaitInterruptedException;
import io.hawser.connection.LiveConnection;
import io.hawser.protocol.CloseStatus;
import io.hawser.waiting.Awaited;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The connections of one server or client that are open, and how they end when that stops. The loop's own, but for {@link #stop}. */
final class OpenConnections {
    private final World world;
    private final CloseStatus atStop;
    private final Set<LiveConnection> open = new LinkedHashSet<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * None so far.
     *
     * @param atStop what they are closed with
     */
    OpenConnections(World world, CloseStatus atStop) {
        this.world = world;
        this.atStop = atStop;
    }

    boolean isStopping() {
        return stopping;
    }

    void add(LiveConnection live) {
        open.add(live);
        live.closed().thenAccept(how -> {
            open.remove(live);
            completeIfStopped();
        });
        if (stopping) {
            live.close(atStop);
        }
    }

    private void completeIfStopped() {
        if (stopping && open.isEmpty()) {
            stopped.complete(null);
        }
    }

    /**
     * Closes all, waits as long as the grace, cuts what is left. Harmless if repeated, which waits as well.
     *
     * @throws IllegalStateException on the loop, which would wait for itself
     */
    void stop(Duration grace) {
        if (world.inLoop()) {
            throw new IllegalStateException("closing waits, which an event loop must not; do it on a thread of your own");
        }
        world.execute(() -> {
            if (!stopping) {
                stopping = true;
                List.copyOf(open).forEach(live -> live.close(atStop));
                world.scheduleOnLoop(() -> List.copyOf(open).forEach(live -> live.abort("stopped")), grace.toNanos());
                completeIfStopped();
            }
        });
        Awaited.result(stopped, world, () -> new WaitInterruptedException("interrupted while waiting for connections to end"));
    }
}
