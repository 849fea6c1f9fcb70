// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.EventLoops;
import io.hawser.http.HttpSettings;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** Event loops that run, and what they carry. */
public interface Network extends EventLoops {
    /**
     * The network that these loops are.
     *
     * @throws IllegalArgumentException if they are none: somebody else has made them
     */
    static Network of(EventLoops loops) {
        if (loops instanceof Network network) {
            return network;
        }
        throw new IllegalArgumentException("event loops must be those of a HawserServer, not " + loops);
    }

    /** What opens connections on these loops, which end without it. */
    Connector newConnector();

    /**
     * Listens on these loops, which end without it, and serves from now on.
     *
     * @throws UncheckedIOException if the address cannot be listened on, or the loops have ended
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
    Acceptor listen(InetSocketAddress address, HttpSettings settings);
}
