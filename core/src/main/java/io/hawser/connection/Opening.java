// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.MaskingKeys;
import io.hawser.protocol.Role;
import io.hawser.protocol.engine.EngineSettings;
import io.hawser.protocol.engine.PermessageDeflate;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a connection begins with, when its handshake is done.
 *
 * @param role the side it plays
 * @param keys masking keys of a client; asked on the loop
 * @param request the request that asked for it
 * @param response the response that accepted it
 * @param options how it behaves
 * @param deflate how its messages are compressed, if that was agreed on
 * @param face makes what the application sees of it
 */
public record Opening(
        Role role,
        MaskingKeys keys,
        Request request,
        Response response,
        WebSocketOptions options,
        Optional<PermessageDeflate> deflate,
        Function<LiveConnection, Face> face) {
    private static final MaskingKeys NO_KEYS = () -> {
        throw new AssertionError("a server masks nothing"); // RFC 6455 5.1
    };

    /** A server's, where {@code defaults} are the options under the handler's own. */
    public static Opening ofServer(
            Request request, Response response, WebSocketHandler handler, WebSocketOptions defaults) {
        return new Opening(
                Role.SERVER,
                NO_KEYS,
                request,
                response,
                handler.optionsOver(defaults),
                Optional.empty(),
                live -> Face.of(handler, live));
    }

    /** A client's, where {@code options} are the handler's own already. */
    public static Opening ofClient(
            Request request,
            Response response,
            WebSocketHandler handler,
            WebSocketOptions options,
            MaskingKeys keys) {
        return new Opening(
                Role.CLIENT, keys, request, response, options, Optional.empty(), live -> Face.of(handler, live));
    }

    /** A client's that the application's own threads use, by the {@link WebSocket} that {@link LiveConnection#connection} is then. */
    public static Opening ofClient(
            Request request, Response response, WebSocketOptions options, MaskingKeys keys) {
        return new Opening(
                Role.CLIENT, keys, request, response, options, Optional.empty(), live -> new DirectFace(live, null));
    }

    /** This with compression as a server has agreed on it, which its response names then. */
    public Opening accepting(PermessageDeflate agreed) {
        return new Opening(role, keys, request, response.withExtension(agreed.response()), options, Optional.of(agreed), face);
    }

    /** This with compression as a client has agreed on it, if it has. */
    public Opening agreeingOn(Optional<PermessageDeflate> agreed) {
        return new Opening(role, keys, request, response, options, agreed, face);
    }

    /** How the engine is to behave. */
    EngineSettings engineSettings() {
        boolean raw = options.compression().raw();
        return options.engineSettings().withDeflate(deflate.map(agreed -> raw ? agreed.asItIs() : agreed).orElse(null));
    }
}
