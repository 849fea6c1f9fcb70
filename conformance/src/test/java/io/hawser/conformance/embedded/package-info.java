// SPDX-License-Identifier: Apache-2.0

/** Hostile requests to a Netty server that has Hawser in its pipelines. */
@NullMarked
package io.hawser.conformance.embedded;

import org.jspecify.annotations.NullMarked;
