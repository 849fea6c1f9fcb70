// SPDX-License-Identifier: Apache-2.0

/** Messages that fit no memory, through a server that has little of it. */
@NullMarked
package io.hawser.conformance.large;

import org.jspecify.annotations.NullMarked;
