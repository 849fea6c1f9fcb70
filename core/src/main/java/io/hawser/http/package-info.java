// SPDX-License-Identifier: Apache-2.0

/**
 * What a server makes of requests and responses, whatever carries them: who answers, which header fields are the server's own, what a
 * condition or a range leaves of a response. Called by {@code io.hawser.netty} and by whatever else carries connections.
 */
@NullMarked
package io.hawser.http;

import org.jspecify.annotations.NullMarked;
