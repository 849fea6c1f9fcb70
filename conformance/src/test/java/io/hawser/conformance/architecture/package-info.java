// SPDX-License-Identifier: Apache-2.0
/** Holds the code to the rules of its own architecture: what may see what, what is public, what is covered. */
package io.hawser.conformance.architecture;
