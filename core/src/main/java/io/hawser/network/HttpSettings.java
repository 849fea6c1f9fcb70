// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.HttpHandler;
import io.hawser.Tls;
import io.hawser.Transport;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.handshake.OriginCheck;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server does with what it accepts.
 *
 * @param handler answers requests
 * @param webSocket defaults of the options of WebSocket connections
 * @param origins which pages may upgrade
 * @param headLimits how large a request's head may be
 * @param handshakeTimeout how long a request's head may take
 * @param tls how it is encrypted, if it is
 * @param transport how sockets are driven
 * @param loops how many event loops there are
 * @param blockedLoopWarning how long a handler may hold one up before it is named; zero for ever
 */
public record HttpSettings(
        HttpHandler handler,
        WebSocketOptions webSocket,
        OriginCheck origins,
        HeadLimits headLimits,
        Duration handshakeTimeout,
        Optional<Tls> tls,
        Transport transport,
        int loops,
        Duration blockedLoopWarning) {}
