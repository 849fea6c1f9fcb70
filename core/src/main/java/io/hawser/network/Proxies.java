// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import java.io.IOException;
import java.net.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The ways to a server, in the order in which they are tried.
 *
 * @param ways {@link Proxy#NO_PROXY} is the way without one; at least one
 * @param login for those that ask for it
 * @param unreached told of each proxy that cannot be reached, before the next way is tried; may block
 */
public record Proxies(List<Proxy> ways, Optional<Login> login, BiConsumer<Proxy, IOException> unreached) {
    /** Copies the list. */
    public Proxies {
        ways = List.copyOf(ways);
    }

    /**
     * Who asks a proxy.
     *
     * @param user the name
     * @param password never shown
     */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }
}
