// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketOptions;
import io.hawser.connection.Opening;
import io.hawser.network.CompressionOffer;
import io.hawser.network.UpgradeOpener;
import io.hawser.protocol.engine.PermessageDeflate;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Opens the connections of a client.
 *
 * @param options those of the connection, the handler's own among them
 * @param memory what the client has for compression
 * @param opening what a connection begins with, by the request and the response
 */
record ClientOpener(
        WebSocketOptions options, PermessageDeflate.Memory memory, BiFunction<Request, Response, Opening> opening)
        implements UpgradeOpener {
    @Override
    public Optional<CompressionOffer> compression() {
        return CompressionOffer.of(options.compression(), memory);
    }

    @Override
    public Opening open(Request request, Response response) {
        return opening.apply(request, response);
    }
}
