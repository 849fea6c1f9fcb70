// SPDX-License-Identifier: Apache-2.0

/** JMH benchmarks of the protocol's hot paths; {@code java -jar benchmarks/target/benchmarks.jar} runs them. */
@NullMarked
package io.hawser.benchmarks;

import org.jspecify.annotations.NullMarked;
