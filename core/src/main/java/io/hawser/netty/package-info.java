// SPDX-License-Identifier: Apache-2.0

/**
 * Sockets, event loops and HTTP parsing, all of them Netty's; the only package that sees it. Called by servers.
 */
@NullMarked
package io.hawser.netty;

import org.jspecify.annotations.NullMarked;
