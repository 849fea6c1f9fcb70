// SPDX-License-Identifier: Apache-2.0

package io.hawser;

/**
 * The event loops of a server, for a client in the same process to run on; {@code HawserServer.loops} gives them, and {@code
 * ConnectOptions.loops} takes them. Not to be implemented elsewhere.
 */
public interface EventLoops {
    /** How many there are. */
    int count();

    /** How they drive sockets; never {@link Transport#AUTO}. */
    Transport transport();
}
