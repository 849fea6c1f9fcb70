// SPDX-License-Identifier: Apache-2.0

/** What begins and ends with tests of JUnit Jupiter, and gives them what they ask for. Called by JUnit. */
@NullMarked
package io.hawser.testkit.junit;

import org.jspecify.annotations.NullMarked;
