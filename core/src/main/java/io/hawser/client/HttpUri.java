// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.net.URI;

/** URIs of WebSocket (RFC 6455, 3) under the schemes of HTTP, which stand for the same servers. */
final class HttpUri {
    private HttpUri() {}

    /** {@code ws} to {@code http}, {@code wss} to {@code https}. */
    static URI of(URI webSocket) {
        String scheme = webSocket.getScheme();
        return URI.create((scheme.equalsIgnoreCase("wss") ? "https" : "http") + webSocket.toString().substring(scheme.length()));
    }

    /** Whether two URIs of WebSocket have one origin: scheme, host and port (RFC 6454, 4). */
    static boolean haveOneOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("wss") ? 443 : 80;
    }
}
