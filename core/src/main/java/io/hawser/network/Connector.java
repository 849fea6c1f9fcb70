// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.Transport;
import io.hawser.connection.LiveConnection;
import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What opens connections from this side, and the list of those. */
public interface Connector {
    /** How they are driven; never {@link Transport#AUTO}. */
    Transport transport();

    /** Time and threads of its connections. */
    Surroundings surroundings();

    /** Whether the calling thread is an event loop, which must not wait. */
    boolean isOnLoop();

    /**
     * Connects, and asks for the upgrade. May block for look-ups and until a connection stands, so only a thread of its {@link #surroundings}
     * may call it.
     *
     * @param opened is completed on the connection's loop, before any frame that came behind the response is looked at; fails with a {@link
     *     io.hawser.WebSocketException}
     */
    void connect(UpgradeSettings settings, UpgradeOpener opener, CompletableFuture<LiveConnection> opened);

    /**
     * Gives up what is connecting, closes all connections with 1001, waits as long as the grace, and cuts what is left.
     *
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
    void stop(Duration grace);
}
