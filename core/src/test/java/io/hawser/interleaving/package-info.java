// SPDX-License-Identifier: Apache-2.0

/** Runs code that several threads share in every order of its steps. */
package io.hawser.interleaving;
