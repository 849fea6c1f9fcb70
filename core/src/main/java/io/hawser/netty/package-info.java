// SPDX-License-Identifier: Apache-2.0

/**
 * Sockets, event loops and HTTP parsing, all of them Netty's; the only package that sees it. Implements what
 * {@code io.hawser.network} names; servers and clients call it to begin, and that from then on.
 */
@NullMarked
package io.hawser.netty;

import org.jspecify.annotations.NullMarked;
