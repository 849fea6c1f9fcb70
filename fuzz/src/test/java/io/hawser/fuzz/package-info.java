// SPDX-License-Identifier: Apache-2.0

/** The protocol engine under random input, by Jazzer: seeds and what was found in a build, fuzzing where {@code JAZZER_FUZZ=1}. */
package io.hawser.fuzz;
