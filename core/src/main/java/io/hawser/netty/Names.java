// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up names; blocks. */
@FunctionalInterface
interface Names {
    /** The system's. */
    Names SYSTEM = name -> {
        try {
            return List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            throw (UnknownHostException) new UnknownHostException("the name " + name + " has no address").initCause(e);
        }
    };

    /** The addresses of a name, or the one address that it is; the best first, at least one. */
    List<InetAddress> addresses(String name) throws UnknownHostException;
}
