// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.waiting.Surroundings;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Header fields that the application is asked for before each attempt to connect. */
final class FreshHeaders {
    private FreshHeaders() {}

    /**
     * Asks for them, on a thread of its own.
     *
     * @return completes with the options that hold them; fails with {@link ConnectFailedException} if they cannot be had, or not within the
     *     connect timeout. Whoever cancels it interrupts the one who is asked
     */
    static CompletableFuture<ConnectOptions> ask(URI uri, ConnectOptions options, Surroundings surroundings) {
        CompletableFuture<ConnectOptions> had = new CompletableFuture<>();
        Thread asking = surroundings.start("hawser-headers", () -> {
            try {
                had.complete(options.withHeadersHad(uri));
            } catch (Throwable failure) { // of whatever cause: somebody waits for the connection
                had.completeExceptionally(failure);
            }
        });
        Runnable cancelTimeout = surroundings.schedule(
                () -> had.completeExceptionally(new ConnectFailedException(
                        "cannot connect to " + ShownUri.of(uri) + ": its fresh headers were not there within " + options.connectTimeout, null)),
                options.connectTimeout);
        had.whenComplete((ready, failure) -> {
            cancelTimeout.run();
            if (failure != null) {
                surroundings.interrupt(asking);
            }
        });
        return had;
    }
}
