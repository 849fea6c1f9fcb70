// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.protocol.handshake.HandshakeHeaders;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@link CookieHandler} as a client asks it and tells it. It may block. */
final class Cookies {
    private static final String COOKIE = "Cookie";

    private Cookies() {}

    /**
     * The header fields of a request with the handler's cookies among them.
     *
     * @throws IllegalArgumentException if the handler's cookies cannot stand in a header
     */
    static List<Map.Entry<String, String>> with(
            CookieHandler handler, URI server, List<Map.Entry<String, String>> headers) throws IOException {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach(field -> fields.computeIfAbsent(field.getKey(), name -> new ArrayList<>(1)).add(field.getValue()));
        List<String> cookies = new ArrayList<>(fields.getOrDefault(COOKIE, List.of()));
        handler.get(HttpUri.of(server), fields).forEach((name, values) -> {
            if (name.equalsIgnoreCase(COOKIE)) {
                cookies.addAll(values);
            }
        });
        if (cookies.isEmpty()) {
            return headers;
        }
        // RFC 6265 5.4: the user agent MUST NOT attach more than one Cookie header field.
        String joined = String.join("; ", cookies);
        HandshakeHeaders.requireField(COOKIE, joined);
        List<Map.Entry<String, String>> all = new ArrayList<>(headers);
        all.removeIf(field -> field.getKey().equalsIgnoreCase(COOKIE));
        all.add(Map.entry(COOKIE, joined));
        return all;
    }

    /** Tells the handler what a response set. */
    static void keep(CookieHandler handler, URI server, HttpHeaders response) throws IOException {
        handler.put(HttpUri.of(server), response.map());
    }
}
