// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Header fields as they are sent, in order, and as applications see them. Pure functions, for any thread. */
public final class HeaderFields {
    private HeaderFields() {}

    /** Fields that came, as applications see them: by name, whose case does not count. */
    public static HttpHeaders received(Iterable<? extends Map.Entry<String, String>> fields) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach(field -> byName.computeIfAbsent(field.getKey(), name -> new ArrayList<>(1)).add(field.getValue()));
        return HttpHeaders.of(byName, (name, value) -> true);
    }

    /**
     * Tells the fields of a response that is no 101, which has the application's alone: those, and the server's own.
     *
     * @param date for {@code Date}, where the application has none
     * @param field takes a name and a value
     */
    public static void forEach(Response response, Delivery delivery, String date, BiConsumer<String, String> field) {
        response.forEachHeader((name, value) -> {
            if (!isServersOwn(name)) {
                field.accept(name, value);
            }
        });
        length(response, delivery, field);
        if (response.status() == 426) {
            // RFC 9110 15.5.22: the server MUST send an Upgrade header field; 7.8: and the "upgrade" connection option with it.
            field.accept("upgrade", "websocket");
            field.accept("connection", "upgrade");
        }
        if (!delivery.keepAlive()) {
            field.accept("connection", "close");
        } else if (delivery.http10()) {
            // RFC 9112 C.2.2: what is persistent unasked in HTTP/1.1 is to be said in HTTP/1.0.
            field.accept("connection", "keep-alive");
        }
        if (response.header("Date").isEmpty()) {
            // RFC 9110 6.6.1: an origin server with a clock MUST generate a Date header field.
            field.accept("date", date);
        }
    }

    /** What {@link Response#withHeader} refuses; a response that this side has received as a client may have it all the same. */
    private static boolean isServersOwn(String name) {
        return switch (name.length()) { // first, as most are of none of these
            case 7 -> name.equalsIgnoreCase("Upgrade");
            case 10 -> name.equalsIgnoreCase("Connection");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            default -> false;
        };
    }

    private static void length(Response response, Delivery delivery, BiConsumer<String, String> field) {
        int status = response.status();
        if (status == 205) {
            // RFC 9110 15.3.6: a server MUST NOT generate content in a 205 response; RFC 9112 6.3: what has no length may have a body.
            field.accept("content-length", "0");
        } else if (delivery.chunked()) {
            field.accept("transfer-encoding", "chunked");
        } else if (Delivery.mayHaveBody(status)) {
            // RFC 9110 8.6: a server MUST NOT send a Content-Length header field in any response with a status code of 204 (No Content); nor in
            // a 304, unless it is what a 200 would have had, which is not known here.
            OptionalLong length = response.body().length();
            if (length.isPresent()) {
                field.accept("content-length", Long.toString(length.getAsLong()));
            }
        }
    }
}
