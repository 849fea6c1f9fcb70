// SPDX-License-Identifier: Apache-2.0

/**
 * Tests of connections, on the wire in memory that the testkit has. They stand here and not beside the code they test, since core cannot
 * depend on the testkit that is built upon it; the package is the same, for what only it may see.
 */
package io.hawser.connection;
