// SPDX-License-Identifier: Apache-2.0

/**
 * What every user imports: messages, the three faces, WebSocket handlers and their options, and the small HTTP model that an
 * upgrade is part of.
 */
@NullMarked
package io.hawser;

import org.jspecify.annotations.NullMarked;
