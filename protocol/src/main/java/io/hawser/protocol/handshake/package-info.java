// SPDX-License-Identifier: Apache-2.0

/**
 * The opening handshake of RFC 6455, section 4, as pure functions from header values to a verdict. Called by HTTP servers
 * and clients.
 */
@NullMarked
package io.hawser.protocol.handshake;

import org.jspecify.annotations.NullMarked;
