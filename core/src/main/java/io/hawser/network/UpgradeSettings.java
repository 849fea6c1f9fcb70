// SPDX-License-Identifier: Apache-2.0

package io.hawser.network;

import io.hawser.ConnectFailedException;
import io.hawser.Tls;
import io.hawser.protocol.handshake.Extension;
import io.hawser.waiting.Surroundings;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for, and of whom.
 *
 * @param uri what the application named; for messages
 * @param tls how it is encrypted, if it is
 * @param host a name or an address
 * @param port where it listens
 * @param authority host and port as they stand in {@code Host}
 * @param target path and query
 * @param headers the application's own
 * @param subprotocols those to offer
 * @param compression what is offered of compression, if anything is
 * @param key the {@code Sec-WebSocket-Key}
 * @param timeout how long all of it may take; for messages
 * @param deadline when that is over, an instant of {@link Surroundings#nanoTime}
 * @param proxies the ways there
 * @param localAddress where to connect from
 * @param maxHeaderBytes how large the response's head may be
 */
public record UpgradeSettings(
        String uri,
        Optional<Tls> tls,
        String host,
        int port,
        String authority,
        String target,
        List<Map.Entry<String, String>> headers,
        List<String> subprotocols,
        Optional<CompressionOffer> compression,
        String key,
        Duration timeout,
        long deadline,
        Proxies proxies,
        Optional<SocketAddress> localAddress,
        int maxHeaderBytes) {
    /** The extensions to offer. */
    List<Extension> extensions() {
        return compression.map(CompressionOffer::extensions).orElse(List.of());
    }

    /** There is no connection. */
    public ConnectFailedException failure(String why, @Nullable Throwable cause) {
        return new ConnectFailedException("cannot connect to " + uri + ": " + why, cause);
    }

    /** The {@link #deadline} is over. */
    public ConnectFailedException timedOut() {
        return failure("the connection was not open within " + timeout, null);
    }

    /** The client was closed meanwhile. */
    public ConnectFailedException clientClosed() {
        return failure("the client is closed", null);
    }

    /** The server ended the connection in front of a response. */
    public ConnectFailedException notAnswered() {
        return failure("the server closed the connection before it answered", null);
    }
}
