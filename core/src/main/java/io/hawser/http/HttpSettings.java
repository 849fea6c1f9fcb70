// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.HttpHandler;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.engine.PermessageDeflate;
import io.hawser.protocol.handshake.OriginCheck;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server does with what it accepts.
 *
 * @param handler answers requests
 * @param webSocket defaults of the options of WebSocket connections
 * @param compressionMemory what all WebSocket connections have together for compression; whoever made it closes it
 * @param origins which pages may upgrade
 * @param headLimits how large a request's head may be
 * @param maxBodyBytes how large a body may be that is asked for as a whole
 * @param compressResponses whether texts are compressed for those who take that
 * @param times how long what may take
 * @param tls how it is encrypted, if it is
 * @param transport how sockets are driven
 * @param loops how many event loops there are
 * @param blockedLoopWarning how long a handler may hold one up before it is named; zero for ever
 */
public record HttpSettings(
        HttpHandler handler,
        WebSocketOptions webSocket,
        PermessageDeflate.Memory compressionMemory,
        OriginCheck origins,
        HeadLimits headLimits,
        long maxBodyBytes,
        boolean compressResponses,
        HttpTimes times,
        Optional<Tls> tls,
        Transport transport,
        int loops,
        Duration blockedLoopWarning) {}
