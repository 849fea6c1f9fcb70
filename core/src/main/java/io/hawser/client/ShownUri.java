// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.net.URI;

/** URIs as messages and the log show them, which go further than a URI should: what may be secret of them is "…". Pure functions. */
final class ShownUri {
    private ShownUri() {}

    /** With scheme, host, port and path only: credentials and tokens stand in the user information, the query, or the fragment. */
    static String of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme() + ":";
        if (uri.isOpaque()) {
            return scheme + "…";
        }
        return scheme
                + (uri.getRawAuthority() == null ? "" : "//" + withoutUser(uri.getRawAuthority()))
                + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?…")
                + (uri.getRawFragment() == null ? "" : "#…");
    }

    /** Of the authority, since the URI knows no user where the host is not one that it understands. */
    private static String withoutUser(String authority) {
        int at = authority.lastIndexOf('@');
        return at < 0 ? authority : "…" + authority.substring(at);
    }
}
