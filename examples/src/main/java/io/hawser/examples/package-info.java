// SPDX-License-Identifier: Apache-2.0

/** Hawser as its users write it: the code of README and guides, and Hawser with other stream libraries. */
@NullMarked
package io.hawser.examples;

import org.jspecify.annotations.NullMarked;
