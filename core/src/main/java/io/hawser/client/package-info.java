// SPDX-License-Identifier: Apache-2.0

/** Connects to WebSocket servers. Called by applications. */
@NullMarked
package io.hawser.client;

import org.jspecify.annotations.NullMarked;
