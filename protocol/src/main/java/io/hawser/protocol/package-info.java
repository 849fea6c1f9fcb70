// SPDX-License-Identifier: Apache-2.0

/**
 * The vocabulary of the protocol: opcodes, frames, close statuses, limits, violations. It depends on nothing; every other
 * package, and every user, speaks in its words.
 */
@NullMarked
package io.hawser.protocol;

import org.jspecify.annotations.NullMarked;
