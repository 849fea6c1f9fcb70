// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.BinaryMessage;
import io.hawser.Request;
import java.net.SocketAddress;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * A request that is there as a whole.
 *
 * @param remoteAddress the peer's
 * @param localAddress of this side
 * @param body one chunk, which is empty if there is none
 */
public record KnownRequest(
        String method,
        String target,
        String version,
        HttpHeaders headers,
        SocketAddress remoteAddress,
        SocketAddress localAddress,
        Flow.Publisher<ByteBuffer> body)
        implements Request.Source {
    /** How large a body may be that is asked for as a whole, unless a server says otherwise. */
    public static final long DEFAULT_MAX_BODY_BYTES = 1 << 20;

    /** A request of HTTP/1.1 without a body, of a peer at the same address as this side. */
    public static Request of(String method, String target, HttpHeaders headers, SocketAddress address) {
        return new Request(
                new KnownRequest(method, target, "HTTP/1.1", headers, address, address, BinaryMessage.wrap(new byte[0]).chunks()));
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
