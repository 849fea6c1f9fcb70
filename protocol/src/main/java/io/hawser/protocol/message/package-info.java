// SPDX-License-Identifier: Apache-2.0

/**
 * From frames to messages: incremental UTF-8 and the assembling of whole payloads. Called by the engine and its stages.
 */
@NullMarked
package io.hawser.protocol.message;

import org.jspecify.annotations.NullMarked;
