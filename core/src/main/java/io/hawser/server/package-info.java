// SPDX-License-Identifier: Apache-2.0

/**
 * Starts and stops servers; called by applications.
 */
@NullMarked
package io.hawser.server;

import org.jspecify.annotations.NullMarked;
