// SPDX-License-Identifier: Apache-2.0

/** The {@code hawser} command: the demo server and what it serves. Run by the launcher; not a library. */
@NullMarked
package io.hawser.cli;

import org.jspecify.annotations.NullMarked;
