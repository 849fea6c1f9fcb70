// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/** The choice where there is none. */
final class OneProxy extends ProxySelector {
    private final List<Proxy> choice;

    OneProxy(Proxy way) {
        choice = List.of(way);
    }

    @Override
    public List<Proxy> select(URI server) {
        return choice;
    }

    @Override
    public void connectFailed(URI server, SocketAddress proxy, IOException failure) {
        // The caller is told by the exception.
    }
}
