// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Utf8;
import io.hawser.protocol.handshake.HandshakeHeaders;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An HTTP response, or the acceptance of an upgrade. Immutable; made by its factories or by {@link WebSocketUpgrade}. */
public final class Response {
    private static final byte[] EMPTY = {};

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final @Nullable Acceptance acceptance;

    private Response(int status, Map<String, List<String>> headers, byte[] body, @Nullable Acceptance acceptance) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.acceptance = acceptance;
    }

    private record Acceptance(Request request, WebSocketHandler handler) {}

    /**
     * A response without a body.
     *
     * @param status 200 to 599
     * @throws IllegalArgumentException if the status is outside that range
     */
    public static Response of(int status) {
        return of(status, EMPTY);
    }

    /** A plain text. */
    public static Response text(int status, String text) {
        return of(status, Utf8.encode(text)).withHeader("Content-Type", "text/plain; charset=utf-8");
    }

    /** A page, with status 200. */
    public static Response html(String html) {
        return of(200, Utf8.encode(html)).withHeader("Content-Type", "text/html; charset=utf-8");
    }

    /**
     * A response with a body, whose type a header should tell.
     *
     * @param status 200 to 599
     * @param body copied
     * @throws IllegalArgumentException if the status is outside that range
     */
    public static Response of(int status, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599, not " + status);
        }
        return new Response(status, Map.of(), body.clone(), null);
    }

    /** The 101 that a client received; for whoever runs connections. */
    public static Response received(HttpHeaders headers) {
        return received(101, headers, EMPTY);
    }

    /** A response that a client received; for whoever runs connections. */
    public static Response received(int status, HttpHeaders headers, byte[] body) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(headers.map());
        return new Response(status, fields, body, null);
    }

    static Response switching(Map<String, String> handshake, Request request, WebSocketHandler handler) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        handshake.forEach((name, value) -> headers.put(name, List.of(value)));
        return new Response(101, headers, EMPTY, new Acceptance(request, handler));
    }

    /**
     * This response with one more header field. The server adds its own, and {@code Date} where there is none (RFC 9110, 6.6.1); to a 426 it
     * adds {@code Upgrade: websocket} (RFC 9110, 15.5.22).
     *
     * @throws IllegalArgumentException if the name is not a token, the value holds CR, LF, NUL or another control character, or the field
     *     is the server's own: Connection, Upgrade, Content-Length, Transfer-Encoding, and of an upgrade those of the handshake
     */
    public Response withHeader(String name, String value) {
        HandshakeHeaders.requireField(name, value);
        boolean handshake = acceptance != null && name.toLowerCase(Locale.ROOT).startsWith("sec-websocket-");
        if (handshake || isServersOwn(name)) {
            throw new IllegalArgumentException(name + " is set by the server");
        }
        Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(headers);
        List<String> values = new ArrayList<>(changed.getOrDefault(name, List.of()));
        values.add(value);
        changed.put(name, List.copyOf(values));
        return new Response(status, changed, body, acceptance);
    }

    private static boolean isServersOwn(String name) {
        return List.of("Connection", "Upgrade", "Content-Length", "Transfer-Encoding").stream()
                .anyMatch(name::equalsIgnoreCase);
    }

    /** The status code; 101 for an upgrade. */
    public int status() {
        return status;
    }

    /** The header fields, without those that the server adds. */
    public HttpHeaders headers() {
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    /** The body as a read-only view; empty if there is none. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    /** The body read as UTF-8; what is no UTF-8 shows as U+FFFD. */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The handler that takes over if this accepts an upgrade. */
    public Optional<WebSocketHandler> webSocket() {
        return Optional.ofNullable(acceptance).map(Acceptance::handler);
    }

    /** The request whose upgrade this accepts, with what it carried then; empty if this is no acceptance. */
    public Optional<Request> accepted() {
        return Optional.ofNullable(acceptance).map(Acceptance::request);
    }

    /** Status, type and length of the body, as in "404 text/plain, 9 bytes"; no other header field, since some are secret. */
    @Override
    public String toString() {
        String type = headers().firstValue("Content-Type").map(field -> " " + field.split(";", 2)[0].strip()).orElse("");
        return status + type + (body.length == 0 ? "" : ", " + body.length + (body.length == 1 ? " byte" : " bytes"));
    }
}
