// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a browser's page may open a connection (RFC 6455, 10.2): pages of the host and port that the request is addressed to,
 * and of the origins on a list. A request without an origin does not come from a page, and passes.
 */
public final class OriginCheck {
    private final Set<String> allowed;

    /**
     * A check.
     *
     * @param allowed origins beside the server's own, as {@code scheme://host} or {@code scheme://host:port}
     * @throws IllegalArgumentException if one of them is not of that form
     */
    public OriginCheck(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed.stream().map(OriginCheck::normalized).toList());
        for (String origin : allowed) {
            if (normalized(origin).isEmpty()) {
                throw new IllegalArgumentException("not an origin, such as https://example.com: " + Tokens.quote(origin));
            }
        }
    }

    /**
     * Whether a request with these header fields may be upgraded.
     *
     * @param secure whether it came over TLS: then a page of the same host that did not, and which anybody on its way could have written, may
     *     not. In the clear pages of either kind may, since a proxy in front may speak TLS
     */
    public boolean permits(HandshakeHeaders headers, boolean secure) {
        List<String> origins = headers.values("Origin");
        if (origins.isEmpty()) {
            return true;
        }
        String origin = normalized(origins.get(0));
        if (origins.size() > 1 || origin.isEmpty()) {
            return false;
        }
        if (allowed.contains(origin)) {
            return true;
        }
        List<String> hosts = headers.values("Host");
        String scheme = origin.substring(0, origin.indexOf("://"));
        return hosts.size() == 1
                && (scheme.equals("https") || !secure)
                && normalized(scheme + "://" + hosts.get(0)).equals(origin);
    }

    /** In lower case and with the scheme's port spelt out; empty if it is not an origin. */
    private static String normalized(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        int colon = lower.indexOf("://");
        if (colon <= 0) {
            return "";
        }
        String scheme = lower.substring(0, colon);
        String authority = lower.substring(colon + 3);
        int defaultPort = scheme.equals("https") ? 443 : 80;
        int bracket = authority.lastIndexOf(']');
        int portColon = authority.indexOf(':', bracket + 1);
        String host = portColon < 0 ? authority : authority.substring(0, portColon);
        String port = portColon < 0 ? String.valueOf(defaultPort) : authority.substring(portColon + 1);
        boolean wellFormed = Tokens.isToken(scheme)
                && !host.isEmpty()
                && host.chars().allMatch(c -> Tokens.isTokenChar(c) || c == '[' || c == ']' || c == ':')
                && port.chars().allMatch(c -> c >= '0' && c <= '9')
                && !port.isEmpty();
        return wellFormed ? scheme + "://" + host + ":" + port : "";
    }
}
