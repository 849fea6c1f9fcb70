// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.net.URI;
import java.util.Locale;

/**
 * Where a WebSocket URI leads to (RFC 6455, 3).
 *
 * @param secure whether over TLS
 * @param host a name or an address, of IPv6 without its brackets
 * @param port the URI's, or 80, over TLS 443
 * @param authority host and port as they stand in {@code Host}
 * @param target path and query
 */
record Destination(boolean secure, String host, int port, String authority, String target) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException if it is no absolute {@code ws} or {@code wss} URI, has no host, has a fragment or credentials, or a port outside 1
     *     to 65535
     */
    static Destination of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("wss");
        require(secure || scheme.equals("ws"), uri, "must begin with ws:// or wss://");
        String host = uri.getHost();
        require(host != null, uri, "names no host");
        // RFC 6455 3: fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used.
        require(uri.getRawFragment() == null, uri, "has a fragment, which a WebSocket URI cannot have");
        require(uri.getRawUserInfo() == null, uri, "has credentials; send them as a header");
        int schemesPort = secure ? HTTPS_PORT : HTTP_PORT;
        int port = uri.getPort() < 0 ? schemesPort : uri.getPort();
        require(port >= 1 && port <= 65535, uri, "has a port outside 1 to 65535");
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        require(target.chars().allMatch(c -> c > ' ' && c < 0x7F), uri, "holds a character outside printable ASCII; encode it with %");
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Destination(secure, bare, port, port == schemesPort ? host : host + ":" + port, target);
    }

    private static void require(boolean fits, URI uri, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException("the URI " + ShownUri.of(uri) + " " + otherwise);
        }
    }
}
