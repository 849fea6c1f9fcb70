// SPDX-License-Identifier: Apache-2.0

/**
 * A network in memory, its event loop, its clock and the threads of its handlers. Called by {@code io.hawser.testkit}, and by servers and
 * clients through {@code io.hawser.network}.
 */
@NullMarked
package io.hawser.testkit.memory;

import org.jspecify.annotations.NullMarked;
