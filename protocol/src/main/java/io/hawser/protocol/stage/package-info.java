// SPDX-License-Identifier: Apache-2.0

/**
 * The built-in stages between parser and handler, one rule of the RFC a file. The engine composes them once a connection.
 */
@NullMarked
package io.hawser.protocol.stage;

import org.jspecify.annotations.NullMarked;
