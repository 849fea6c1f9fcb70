// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import io.hawser.Connection;
import io.hawser.Request;
import io.hawser.Response;
import org.jspecify.annotations.Nullable;

/**
 * One connection in memory, with both its ends.
 *
 * @param request what opened it
 * @param response what accepted it
 * @param toServer the way of what the client sends
 * @param toClient the way of what the server sends
 * @param transcript what passed the client's end
 * @param client the connection as the client's application sees it; null where the client is no engine
 */
public record Strand(Request request, Response response, Link toServer, Link toClient, Transcript transcript, @Nullable Connection client) {}
