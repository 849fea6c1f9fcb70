// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Header fields as they are sent, in order, and as applications see them. Pure functions, for any thread. */
public final class HeaderFields {
    /** RFC 9110 5.6.7. */
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private HeaderFields() {}

    /** Fields that came, as applications see them: by name, whose case does not count. */
    public static HttpHeaders received(Iterable<? extends Map.Entry<String, String>> fields) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach(field -> byName.computeIfAbsent(field.getKey(), name -> new ArrayList<>(1)).add(field.getValue()));
        return HttpHeaders.of(byName, (name, value) -> true);
    }

    /** The fields of a 101: those of the handshake, and the application's. */
    public static List<Map.Entry<String, String>> ofSwitching(Response response) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        response.headers().map().forEach((name, values) -> values.forEach(value -> fields.add(Map.entry(name, value))));
        return fields;
    }

    /**
     * The fields of any other response: the application's, and those that are the server's own.
     *
     * @param keepAlive whether a request may follow on the connection
     * @param now for {@code Date}
     */
    public static List<Map.Entry<String, String>> of(Response response, boolean keepAlive, Instant now) {
        List<Map.Entry<String, String>> fields = ofSwitching(response);
        int status = response.status();
        // RFC 9110 8.6: a server MUST NOT send a Content-Length header field in any response with a status code of 204 (No Content); nor in a
        // 304, unless it is what a 200 would have had, which is not known here.
        if (status != 204 && status != 304) {
            response.body().length().ifPresent(length -> fields.add(Map.entry("content-length", Long.toString(length))));
        }
        if (status == 426) {
            // RFC 9110 15.5.22: the server MUST send an Upgrade header field; 7.8: and the "upgrade" connection option with it.
            fields.add(Map.entry("upgrade", "websocket"));
            fields.add(Map.entry("connection", "upgrade"));
        }
        if (!keepAlive) {
            fields.add(Map.entry("connection", "close"));
        }
        if (response.headers().firstValue("Date").isEmpty()) {
            // RFC 9110 6.6.1: an origin server with a clock MUST generate a Date header field.
            fields.add(Map.entry("date", IMF_FIXDATE.format(now)));
        }
        return fields;
    }
}
