// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.EventLoops;
import io.hawser.Tls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** What listens and serves, and the list of what is open. */
public interface Acceptor {
    /** The address that is listened on. */
    InetSocketAddress address();

    /** What serves its connections. */
    EventLoops loops();

    /** Whose TLS it is spoken over, if over any. */
    Optional<Tls.Provider> tlsProvider();

    /** Looks at once whether the certificates' files have changed. */
    void reloadCertificates();

    /**
     * Accepts nothing more, closes with 1001, waits as long as the grace, cuts what is left. Harmless if repeated, which waits as well.
     *
     * @throws IllegalStateException on an event loop, which would wait for itself
     */
    void stop(Duration grace);
}
