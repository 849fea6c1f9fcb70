// SPDX-License-Identifier: Apache-2.0

/** Messages far larger than the heap. */
package io.hawser.conformance.memory;
