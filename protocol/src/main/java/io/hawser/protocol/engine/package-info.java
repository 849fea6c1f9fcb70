// SPDX-License-Identifier: Apache-2.0

/**
 * One side of one connection, put together: parser, stages, outgoing queue, deadlines. Called by whoever owns the
 * transport, on one thread.
 */
@NullMarked
package io.hawser.protocol.engine;

import org.jspecify.annotations.NullMarked;
