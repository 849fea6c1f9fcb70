// SPDX-License-Identifier: Apache-2.0

/**
 * The codec of RFC 6455, section 5: parses frames from borrowed bytes, writes them, masks them. Called by the engine.
 */
@NullMarked
package io.hawser.protocol.frame;

import org.jspecify.annotations.NullMarked;
