// SPDX-License-Identifier: Apache-2.0

/**
 * WebSockets for a server that is a Netty application's own: a handler for its pipelines, which takes the requests that ask for a WebSocket and
 * leaves all others to it. Called by such applications.
 */
@NullMarked
package io.hawser.embedded;

import org.jspecify.annotations.NullMarked;
