// SPDX-License-Identifier: Apache-2.0

/**
 * What hostile and broken clients send, over raw sockets, and what must come of it. The tags name the rows of the two
 * lists that are kept in docs: {@code hostile-4}, {@code H4}.
 */
package io.hawser.conformance.hostile;
