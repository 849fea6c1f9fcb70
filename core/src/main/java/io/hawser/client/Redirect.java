// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/** Where a redirect leads (RFC 9110, 15.4 and 10.2.2). Pure functions. */
final class Redirect {
    private Redirect() {}

    /** Whether a response is one. */
    static boolean is(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * The URI to go on to, with the scheme {@code ws} or {@code wss}.
     *
     * @param from the one that was asked, absolute
     * @param locations the values of {@code Location} in the response
     * @throws IllegalArgumentException if it leads nowhere that may be gone to; the message says why
     */
    static URI target(URI from, List<String> locations) {
        require(locations.size() == 1, "it has " + locations.size() + " fields Location, not one");
        URI target;
        try {
            target = resolve(from, new URI(locations.get(0)));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("its Location is no URI: " + e.getReason(), e);
        }
        String scheme = ("" + target.getScheme()).toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("wss") || scheme.equals("https");
        require(secure || scheme.equals("ws") || scheme.equals("http"), "it leads to the scheme " + scheme);
        require(secure || !from.getScheme().equalsIgnoreCase("wss"), "it leads from wss to " + scheme);
        require(target.getHost() != null, "its Location names no host");
        String rest = target.toString().substring(scheme.length());
        // RFC 6455 3: fragment identifiers MUST NOT be used, while one in a Location is allowed; it is for the user's agent.
        int fragment = rest.indexOf('#');
        return URI.create((secure ? "wss" : "ws") + (fragment < 0 ? rest : rest.substring(0, fragment)));
    }

    /** RFC 3986 5.2.2, where {@link URI#resolve} still is RFC 2396: a base without a path, and a reference without one. */
    private static URI resolve(URI from, URI location) {
        if (location.isAbsolute() || location.getRawAuthority() != null) {
            return from.resolve(location);
        }
        String path = from.getRawPath().isEmpty() ? "/" : from.getRawPath();
        URI base = URI.create(from.getScheme() + "://" + from.getRawAuthority() + path);
        if (!location.getRawPath().isEmpty()) {
            return base.resolve(location);
        }
        String query = location.getRawQuery() != null ? location.getRawQuery() : from.getRawQuery();
        return URI.create(base + (query == null ? "" : "?" + query));
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
