// SPDX-License-Identifier: Apache-2.0

/**
 * Which handler takes which request: routes by path, method, upgrade and subprotocol, and what stands in front of them. Called by
 * applications; servers see no more of it than a handler.
 */
@NullMarked
package io.hawser.route;

import org.jspecify.annotations.NullMarked;
