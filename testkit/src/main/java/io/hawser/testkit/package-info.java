// SPDX-License-Identifier: Apache-2.0

/** What tests of WebSocket code are written with: an application in memory, and probes that talk to it. Called by tests. */
@NullMarked
package io.hawser.testkit;

import org.jspecify.annotations.NullMarked;
