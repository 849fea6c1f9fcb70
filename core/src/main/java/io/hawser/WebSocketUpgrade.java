// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.handshake.Extension;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.protocol.handshake.UpgradeRequest;
import java.util.List;
import java.util.Optional;

/** A valid request for WebSocket, to be accepted by returning a response, or refused by returning another. */
public final class WebSocketUpgrade {
    private final Request asking;
    private final UpgradeRequest.Valid request;

    WebSocketUpgrade(Request asking, UpgradeRequest.Valid request) {
        this.asking = asking;
        this.request = request;
    }

    /** The subprotocols that the client offers, in its order of preference. They compare exactly, case included. */
    public List<String> subprotocols() {
        return request.subprotocols();
    }

    /** The extensions that the client offers, in its order of preference (RFC 6455, 9.1). Whether one is used, options say. */
    public List<Extension> extensions() {
        return request.extensions();
    }

    /** The response that accepts, without a subprotocol; the handler takes over behind it. Headers may be added to it. */
    public Response accept(WebSocketHandler handler) {
        return accept(handler, Optional.empty());
    }

    /**
     * The response that accepts with a subprotocol.
     *
     * @throws IllegalArgumentException if the client did not offer it
     */
    public Response accept(WebSocketHandler handler, String subprotocol) {
        if (!request.subprotocols().contains(subprotocol)) {
            throw new IllegalArgumentException(
                    "subprotocol " + subprotocol + " was not offered, only " + request.subprotocols());
        }
        return accept(handler, Optional.of(subprotocol));
    }

    private Response accept(WebSocketHandler handler, Optional<String> subprotocol) {
        return Response.switching(
                ServerHandshake.responseHeaders(request.key(), subprotocol, List.of()), asking, handler);
    }
}
