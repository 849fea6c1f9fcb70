// SPDX-License-Identifier: Apache-2.0

/**
 * What servers and clients ask of whatever carries their connections, and what is the same over all of that: sockets here, memory in tests.
 * Called by {@code io.hawser.server} and {@code io.hawser.client}; {@code io.hawser.netty} implements it.
 */
@NullMarked
package io.hawser.network;

import org.jspecify.annotations.NullMarked;
