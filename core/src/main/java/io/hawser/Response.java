// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.Utf8;
import io.hawser.protocol.handshake.Extension;
import io.hawser.protocol.handshake.HandshakeHeaders;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** An HTTP response, or the acceptance of an upgrade. Immutable; made by its factories or by {@link WebSocketUpgrade}. */
public final class Response {
    private static final Body EMPTY = new Body.Bytes(ByteBuffer.allocate(0));

    private static final Set<String> SERVERS_OWN = serversOwn();

    private final int status;
    private final Map<String, List<String>> headers;
    private final Body body;
    private final @Nullable Acceptance acceptance;

    private Response(int status, Map<String, List<String>> headers, Body body, @Nullable Acceptance acceptance) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.acceptance = acceptance;
    }

    private static Set<String> serversOwn() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of("Connection", "Upgrade", "Content-Length", "Transfer-Encoding"));
        return names;
    }

    private record Acceptance(Request request, WebSocketHandler handler) {}

    /** What a response carries; for whoever serves it. */
    public sealed interface Body {
        /** How many bytes it has; empty if that is not known before they have come. */
        OptionalLong length();

        /**
         * What is there as a whole.
         *
         * @param data read-only
         */
        record Bytes(ByteBuffer data) implements Body {
            /** Takes a read-only view. */
            public Bytes {
                data = data.asReadOnlyBuffer();
            }

            @Override
            public ByteBuffer data() {
                return data.duplicate();
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.of(data.remaining());
            }
        }

        /**
         * A part of a file, which must not get shorter while it is sent.
         *
         * @param path where it is
         * @param position of the first byte
         * @param bytes how many there are
         */
        record FilePart(Path path, long position, long bytes) implements Body {
            @Override
            public OptionalLong length() {
                return OptionalLong.of(bytes);
            }
        }

        /**
         * What comes by and by.
         *
         * @param chunks subscribed to once, on the event loop, when the head has been written
         * @param length how many bytes that will be, if it is known; sent in chunks of HTTP/1.1 if not
         */
        record Stream(Flow.Publisher<ByteBuffer> chunks, OptionalLong length) implements Body {}

        /** One behind another. */
        record Sequence(List<Body> parts) implements Body {
            /** Copies the list. */
            public Sequence {
                parts = List.copyOf(parts);
            }

            @Override
            public OptionalLong length() {
                return parts.stream().allMatch(part -> part.length().isPresent())
                        ? OptionalLong.of(parts.stream().mapToLong(part -> part.length().getAsLong()).sum())
                        : OptionalLong.empty();
            }
        }
    }

    // ---- made from scratch

    /**
     * A response without a body.
     *
     * @param status 200 to 599
     * @throws IllegalArgumentException if the status is outside that range
     */
    public static Response of(int status) {
        return of(status, EMPTY);
    }

    /**
     * A response with a body, whose type a header should tell.
     *
     * @param status 200 to 599
     * @param body copied
     * @throws IllegalArgumentException if the status is outside that range
     */
    public static Response of(int status, byte[] body) {
        return of(status, new Body.Bytes(ByteBuffer.wrap(body.clone())));
    }

    /**
     * A response whose body comes by and by, as fast as the client takes it; its type a header should tell. In HTTP/1.0, which has no chunks,
     * its end is the connection's. If the publisher fails, the connection is cut, so that the client does not take what came for the whole.
     *
     * @param status 200 to 599
     * @param chunks subscribed to on the event loop, for each response that is sent, but not for HEAD; handed over
     * @throws IllegalArgumentException if the status is outside that range
     */
    public static Response of(int status, Flow.Publisher<ByteBuffer> chunks) {
        return of(status, new Body.Stream(Objects.requireNonNull(chunks), OptionalLong.empty()));
    }

    /**
     * The same where it is known how long it will be. A publisher with more or less fails, as in {@link #of(int, Flow.Publisher)}.
     *
     * @param bytes 0 or more
     * @throws IllegalArgumentException if the status is outside its range, or bytes is negative
     */
    public static Response of(int status, Flow.Publisher<ByteBuffer> chunks, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be 0 or more, not " + bytes);
        }
        return of(status, new Body.Stream(Objects.requireNonNull(chunks), OptionalLong.of(bytes)));
    }

    private static Response of(int status, Body body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599, not " + status);
        }
        return new Response(status, Map.of(), body, null);
    }

    /** A plain text, with status 200. */
    public static Response text(String text) {
        return text(200, text);
    }

    /** A plain text. */
    public static Response text(int status, String text) {
        return of(status, Utf8.encode(text)).withHeader("Content-Type", "text/plain; charset=utf-8");
    }

    /** A page, with status 200. */
    public static Response html(String html) {
        return of(200, Utf8.encode(html)).withHeader("Content-Type", "text/html; charset=utf-8");
    }

    /** A text in JSON, with status 200; it is not looked at. */
    public static Response json(String json) {
        return json(200, json);
    }

    /** A text in JSON; it is not looked at. */
    public static Response json(int status, String json) {
        return of(status, Utf8.encode(json)).withHeader("Content-Type", "application/json");
    }

    /**
     * A file as it is on disk, with status 200: {@code Content-Type} by the ending of its name, {@code Last-Modified}, and a strong {@code
     * ETag} made of its time and its length, so that the server answers conditions and ranges by itself. Blocks while it looks the file up; its
     * bytes are read when they are sent, and never all at once. One that becomes shorter meanwhile has its connection cut.
     *
     * @param path not checked: whoever makes it of a request sees to where it leads
     * @throws UncheckedIOException if there is no such file ({@link java.nio.file.NoSuchFileException}), if it is a folder or another thing
     *     without bytes of its own ({@link java.nio.file.FileSystemException}), or may not be read ({@link
     *     java.nio.file.AccessDeniedException}), which is its cause
     */
    public static Response file(Path path) {
        return FileResponse.of(path);
    }

    /**
     * A file that is there as a whole, with status 200: {@code Content-Type} by the ending of its name, and a strong {@code ETag} made of its
     * content, so that the server answers conditions and ranges by itself.
     *
     * @param name as in "chart.svg"
     * @param content copied
     */
    public static Response file(String name, byte[] content) {
        return FileResponse.of(name, content);
    }

    /**
     * A client should look elsewhere, by GET (303, RFC 9110, 15.4.4).
     *
     * @param location a URI or a path, percent-encoded where it must be
     * @throws IllegalArgumentException if it cannot stand in a header
     */
    public static Response redirect(String location) {
        return redirect(303, location);
    }

    /**
     * A client should look elsewhere.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param location a URI or a path, percent-encoded where it must be
     * @throws IllegalArgumentException if the status is another, or the location cannot stand in a header
     */
    public static Response redirect(int status, String location) {
        if (!List.of(301, 302, 303, 307, 308).contains(status)) {
            throw new IllegalArgumentException("the status of a redirect must be 301, 302, 303, 307 or 308, not " + status);
        }
        return of(status).withHeader("Location", location);
    }

    /** What the client has is what it asks for (304, RFC 9110, 15.4.5). */
    public static Response notModified() {
        return of(304);
    }

    /** The 101 that a client received; for whoever runs connections. */
    public static Response received(HttpHeaders headers) {
        return received(101, headers, new byte[0]);
    }

    /** A response that a client received; for whoever runs connections. */
    public static Response received(int status, HttpHeaders headers, byte[] body) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(headers.map());
        return new Response(status, fields, new Body.Bytes(ByteBuffer.wrap(body.clone())), null);
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
        if (handshake || SERVERS_OWN.contains(name)) {
            throw new IllegalArgumentException(name + " is set by the server");
        }
        return plus(name, value);
    }

    /** This acceptance of an upgrade with an extension that was agreed on (RFC 6455, 9.1); for whoever serves it. */
    public Response withExtension(Extension agreed) {
        return plus("Sec-WebSocket-Extensions", agreed.toString());
    }

    private Response plus(String name, String value) {
        Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(headers);
        List<String> values = new ArrayList<>(changed.getOrDefault(name, List.of()));
        values.add(value);
        changed.put(name, List.copyOf(values));
        return new Response(status, changed, body, acceptance);
    }

    /**
     * This response with another status.
     *
     * @param changed 200 to 599
     * @throws IllegalArgumentException if the status is outside that range
     * @throws IllegalStateException if this accepts an upgrade, which is 101 and nothing else
     */
    public Response withStatus(int changed) {
        if (acceptance != null) {
            throw new IllegalStateException("an accepted upgrade is a 101, not a " + changed);
        }
        return new Response(of(changed).status, headers, body, null);
    }

    /** This response with another body in place of its own; for whoever serves it. */
    public Response withBody(Body changed) {
        return new Response(status, headers, Objects.requireNonNull(changed), acceptance);
    }

    /** This response without the header fields of this name, whose case does not count; itself if there are none. */
    public Response withoutHeader(String name) {
        if (!headers.containsKey(name)) {
            return this;
        }
        Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(headers);
        changed.remove(name);
        return new Response(status, changed, body, acceptance);
    }

    /** The status code; 101 for an upgrade. */
    public int status() {
        return status;
    }

    /** The header fields, without those that the server adds. */
    public HttpHeaders headers() {
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    /** The first value of a header field, without those that the server adds; case does not count in its name. */
    public Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Tells the name and value of each header field, without those that the server adds; for whoever serves it. */
    public void forEachHeader(BiConsumer<String, String> field) {
        headers.forEach((name, values) -> values.forEach(value -> field.accept(name, value)));
    }

    /** The body. */
    public Body body() {
        return body;
    }

    /**
     * The body as a read-only view; empty if there is none.
     *
     * @throws IllegalStateException if it is a file or a stream, which has yet to be read
     */
    public ByteBuffer bodyBytes() {
        if (body instanceof Body.Bytes whole) {
            return whole.data();
        }
        throw new IllegalStateException("the body of " + this + " is not there as a whole");
    }

    /**
     * The body read as UTF-8; what is no UTF-8 shows as U+FFFD.
     *
     * @throws IllegalStateException as {@link #bodyBytes}
     */
    public String bodyText() {
        return StandardCharsets.UTF_8.decode(bodyBytes()).toString();
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
        OptionalLong length = body.length();
        if (length.isEmpty()) {
            return status + type + ", streamed";
        }
        long bytes = length.getAsLong();
        return status + type + (bytes == 0 ? "" : ", " + bytes + (bytes == 1 ? " byte" : " bytes"));
    }
}
