// SPDX-License-Identifier: Apache-2.0

/** Assertions in the manner of AssertJ, for tests that have it: nothing else of the testkit needs it. Called by tests. */
@NullMarked
package io.hawser.testkit.assertj;

import org.jspecify.annotations.NullMarked;
