// SPDX-License-Identifier: Apache-2.0

/** Waits of the application's threads. Called by whatever offers blocking calls. */
@NullMarked
package io.hawser.waiting;

import org.jspecify.annotations.NullMarked;
