// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.net.URI;
import java.util.Locale;

/**
 * Where a WebSocket URI leads to (RFC 6455, 3).
 *
 * @param host a name or an address, of IPv6 without its brackets
 * @param port the URI's, or 80
 * @param authority host and port as they stand in {@code Host}
 * @param target path and query
 */
record Destination(String host, int port, String authority, String target) {
    private static final int HTTP_PORT = 80;

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException if it is no absolute {@code ws} URI, has no host, has a fragment or credentials, or a port outside 1
     *     to 65535
     */
    static Destination of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        require(scheme.equals("ws"), uri, "must begin with ws://");
        String host = uri.getHost();
        require(host != null, uri, "names no host");
        // RFC 6455 3: fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used.
        require(uri.getRawFragment() == null, uri, "has a fragment, which a WebSocket URI cannot have");
        require(uri.getRawUserInfo() == null, uri, "has credentials; send them as a header");
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        require(port >= 1 && port <= 65535, uri, "has a port outside 1 to 65535");
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        require(target.chars().allMatch(c -> c > ' ' && c < 0x7F), uri, "holds a character outside printable ASCII; encode it with %");
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Destination(bare, port, port == HTTP_PORT ? host : host + ":" + port, target);
    }

    private static void require(boolean fits, URI uri, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException("the URI " + uri + " " + otherwise);
        }
    }
}
