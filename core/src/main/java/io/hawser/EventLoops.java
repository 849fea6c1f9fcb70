// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/**
 * The event loops of a server, for clients and other servers in the same process to run on; {@code HawserServer.loops} gives them, and
 * {@code ConnectOptions.loops} and {@code ServerOptions.loops} take them. Not to be implemented elsewhere.
 */
public interface EventLoops {
    /** How many there are. */
    int count();

    /** How they drive sockets; never {@link Transport#AUTO}. */
    Transport transport();
}
