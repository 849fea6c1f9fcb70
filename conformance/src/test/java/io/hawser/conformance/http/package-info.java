// SPDX-License-Identifier: Apache-2.0

/**
 * HTTP/1.1 as RFC 9110 and RFC 9112 have it, over raw sockets, and as other people's clients speak it. The tags name the rows of the two lists
 * that are kept in docs: {@code hostile-14}, {@code W1}.
 */
package io.hawser.conformance.http;
