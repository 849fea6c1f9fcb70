// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.BinaryMessage;
import io.hawser.Request;
import java.net.SocketAddress;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;

/**
 * A request that is there as a whole.
 *
 * @param remoteAddress the peer's
 * @param localAddress of this side
 * @param tlsSession what TLS agreed on, where it is spoken
 * @param body one chunk, which is empty if there is none
 */
public record KnownRequest(
        String method,
        String target,
        String version,
        HttpHeaders headers,
        SocketAddress remoteAddress,
        SocketAddress localAddress,
        Optional<SSLSession> tlsSession,
        Flow.Publisher<ByteBuffer> body)
        implements Request.Source {
    /** How large a body may be that is asked for as a whole, unless a server says otherwise. */
    public static final long DEFAULT_MAX_BODY_BYTES = 1 << 20;

    /** A request of HTTP/1.1 without a body, of a peer at the same address as this side. */
    public static Request of(String method, String target, HttpHeaders headers, SocketAddress address) {
        Flow.Publisher<ByteBuffer> nothing = BinaryMessage.wrap(new byte[0]).chunks();
        return new Request(
                new KnownRequest(method, target, "HTTP/1.1", headers, address, address, Optional.empty(), nothing));
    }

    @Override
    public long maxBodyBytes() {
        return DEFAULT_MAX_BODY_BYTES;
    }

    @Override
    public boolean isOnLoop() {
        return false;
    }
}
