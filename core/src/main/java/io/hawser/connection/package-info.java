// SPDX-License-Identifier: Apache-2.0

/**
 * An open connection: the protocol engine, joined to a wire below and to one of the faces above. Called by the transport, on one
 * loop a connection, and by users through the faces.
 */
@NullMarked
package io.hawser.connection;

import org.jspecify.annotations.NullMarked;
