// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.EventLoops;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** Event loops that run, and what they carry. */
public interface Network extends EventLoops {
    /** What opens connections on these loops, which end without it. */
    Connector newConnector();

    /**
     * Listens on these loops, which end without it, and serves from now on.
     *
     * @throws UncheckedIOException if the address cannot be listened on
     */
    Acceptor listen(InetSocketAddress address, HttpSettings settings);
}
