// SPDX-License-Identifier: Apache-2.0

/** JMH benchmarks of the protocol's hot paths, which {@code java -jar benchmarks/target/benchmarks.jar} runs, and loads for whole servers and clients. */
@NullMarked
package io.hawser.benchmarks;

import org.jspecify.annotations.NullMarked;
