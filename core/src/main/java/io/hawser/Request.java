// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.handshake.HandshakeHeaders;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.protocol.handshake.UpgradeRequest;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;

/**
 * An HTTP request. All but its body is immutable; the body is read once, by one of the {@code body} methods, of this request or of a copy
 * {@linkplain #with with} more attributes. What is left of it when the response has been sent is dropped.
 */
public final class Request {
    private final Source source;
    private final UpgradeRequest upgrade;
    private final Map<Attribute<?>, Object> attributes;
    private final Map<String, String> pathParams;

    /** A request, as whatever carries it tells of it; for whoever serves requests. */
    public Request(Source source) {
        this.source = source;
        HandshakeHeaders fields = source::values;
        this.upgrade = ServerHandshake.read(source.method(), source.version(), fields);
        this.attributes = Map.of();
        this.pathParams = Map.of();
    }

    private Request(Request from, Map<Attribute<?>, Object> attributes, Map<String, String> pathParams) {
        this.source = from.source;
        this.upgrade = from.upgrade;
        this.attributes = attributes;
        this.pathParams = pathParams;
    }

    /** What whoever carries a request knows of it; safe for any thread. */
    public interface Source {
        /** As it was sent, "GET". */
        String method();

        /** As it was sent, "/chat?room=1". */
        String target();

        /** "HTTP/1.1" or "HTTP/1.0". */
        String version();

        /** All header fields. */
        HttpHeaders headers();

        /** The values of the fields of this name, in order; case does not count. */
        default List<String> values(String name) {
            return headers().allValues(name);
        }

        /** The peer's address. */
        SocketAddress remoteAddress();

        /** The address at this side. */
        SocketAddress localAddress();

        /** What TLS agreed on, where it is spoken. */
        default Optional<SSLSession> tlsSession() {
            return Optional.empty();
        }

        /** The chunks of the body, for one subscriber; read-only, and the subscriber's to keep. The same each time. */
        Flow.Publisher<ByteBuffer> body();

        /** How large a body may be that is asked for as a whole; in bytes. */
        long maxBodyBytes();

        /** Whether the calling thread is the event loop, which must not wait for the body. */
        boolean isOnLoop();
    }

    /**
     * This request with a value for the application, in place of one that it has under that key. A WebSocket connection that is accepted by the
     * {@link #upgrade()} of the changed request shows the value: so who authorises can tell the handler behind it for whom.
     */
    public <T> Request with(Attribute<T> key, T value) {
        Map<Attribute<?>, Object> changed = new HashMap<>(attributes);
        changed.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
        return new Request(this, Map.copyOf(changed), pathParams);
    }

    /** The value that was added under a key. */
    @SuppressWarnings("unchecked") // with() lets only a T in
    public <T> Optional<T> get(Attribute<T> key) {
        return Optional.ofNullable((T) attributes.get(key));
    }

    // ---- what is asked for

    /** The method as it was sent. */
    public String method() {
        return source.method();
    }

    /** The target as it was sent, with its query, not decoded. */
    public String target() {
        return source.target();
    }

    /**
     * The target's path, decoded and without its query: "/chat/café" of "/chat/caf%C3%A9?room=1" and of
     * "http://example.com/chat/caf%C3%A9". A slash that was sent as {@code %2F} cannot be told from others here; in {@link #rawPath} it can.
     */
    public String path() {
        return PercentEncoding.decode(rawPath());
    }

    /** The target's path as it was sent, without its query. */
    public String rawPath() {
        String target = target();
        int query = target.indexOf('?');
        String before = query < 0 ? target : target.substring(0, query);
        int scheme = before.startsWith("/") ? -1 : before.indexOf("://");
        if (scheme < 0) {
            return before;
        }
        // RFC 9112 3.2.2: a server MUST accept the absolute-form in requests.
        int slash = before.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : before.substring(slash);
    }

    /**
     * The path's segments, split at its slashes before they are decoded, so that one may hold a slash: "a", "b/c" and "" of "/a/b%2Fc/"; one
     * empty segment of "/". Empty if the target is no path, as that of {@code OPTIONS *}.
     */
    public List<String> pathSegments() {
        String path = rawPath();
        return path.startsWith("/")
                ? Arrays.stream(path.substring(1).split("/", -1)).map(PercentEncoding::decode).toList()
                : List.of();
    }

    /**
     * What stands in the path in place of a parameter of the route that took this request, decoded: "café" for {@code room} of
     * "/chat/caf%C3%A9" at "/chat/{room}".
     *
     * @throws IllegalArgumentException if the route has no parameter of this name
     */
    public String pathParam(String name) {
        String value = pathParams.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route of " + this + " has no parameter " + name + ", only " + pathParams.keySet());
        }
        return value;
    }

    /** This request with more {@linkplain #pathParam parameters of the path}, in place of those of the same names; for whoever routes. */
    public Request withPathParams(Map<String, String> more) {
        Map<String, String> changed = new TreeMap<>(pathParams);
        changed.putAll(more);
        return new Request(this, attributes, Collections.unmodifiableMap(changed));
    }

    /** The first value of a parameter in the query, decoded; empty if there is none of this name. One without a value has "". */
    public Optional<String> queryParam(String name) {
        return query().getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * The parameters of the query by name, decoded, in order (as HTML forms send them, a plus stands for a space); empty if there are none.
     * A percent sign that begins no escape stands for itself.
     */
    public Map<String, List<String>> query() {
        int query = target().indexOf('?');
        return query < 0 ? Map.of() : PercentEncoding.parameters(target().substring(query + 1));
    }

    /** "HTTP/1.1" or "HTTP/1.0". */
    public String version() {
        return source.version();
    }

    /** The header fields. */
    public HttpHeaders headers() {
        return source.headers();
    }

    /** The first value of a header field; case does not count in its name. */
    public Optional<String> header(String name) {
        return source.values(name).stream().findFirst();
    }

    /** The token of {@code Authorization: Bearer} (RFC 6750, 2.1), not checked; empty if there is none, or more than one such field. */
    public Optional<String> bearerToken() {
        return Credentials.of("Bearer", source.values("Authorization"));
    }

    /** The first cookie of this name (RFC 6265, 5.4), as it was sent; case counts in its name. */
    public Optional<String> cookie(String name) {
        return Credentials.cookie(name, source.values("Cookie"));
    }

    // ---- who asks, and how

    /** The peer's address; of a proxy, where one stands between. */
    public SocketAddress remoteAddress() {
        return source.remoteAddress();
    }

    /** The address at this side. */
    public SocketAddress localAddress() {
        return source.localAddress();
    }

    /** What TLS agreed on, the peer's certificates among it; empty in the clear, or where a proxy in front speaks TLS. */
    public Optional<SSLSession> tlsSession() {
        return source.tlsSession();
    }

    // ---- the body

    /**
     * The body's chunks, of whatever size they come in; read-only, and the subscriber's to keep. Empty if there is no body. No more is read
     * from the client than is asked for here, but for one read of its socket, 256 KiB at most. On the event loop; a subscriber must not block. Fails with {@link
     * HttpStatusException} if the body breaks off, is malformed, or does not go on for the server's idle timeout; a second subscriber gets
     * {@link IllegalStateException}.
     */
    public Flow.Publisher<ByteBuffer> body() {
        return source.body();
    }

    /**
     * The body as a whole, up to the server's {@code maxBodyBytes}; waits for it.
     *
     * @throws HttpStatusException as {@link #body}, and with 413 if it is longer
     * @throws WaitInterruptedException if the thread is interrupted
     * @throws IllegalStateException on an event loop, or if the body was read already
     */
    public byte[] bodyBytes() {
        return bodyBytes(source.maxBodyBytes());
    }

    /**
     * The same up to another length.
     *
     * @param maxBytes 0 to {@code Integer.MAX_VALUE - 8}
     * @throws IllegalArgumentException if it is outside that range
     */
    public byte[] bodyBytes(long maxBytes) {
        requireOffLoop();
        return WholeBody.await(source, bodyBytesAsync(maxBytes));
    }

    /**
     * The body as a whole, later; fails as {@link #bodyBytes(long)} does.
     *
     * @param maxBytes 0 to {@code Integer.MAX_VALUE - 8}
     * @throws IllegalArgumentException if it is outside that range
     */
    public CompletionStage<byte[]> bodyBytesAsync(long maxBytes) {
        return WholeBody.collect(source, maxBytes);
    }

    /**
     * The body as text, up to the server's {@code maxBodyBytes}, in the charset that its {@code Content-Type} names, or else UTF-8; waits for it.
     *
     * @throws HttpStatusException as {@link #bodyBytes()}; with 400 if it is no text in that charset, 415 if that is not known
     */
    public String bodyText() {
        return WholeBody.text(source, bodyBytes());
    }

    /**
     * The body, to be read with blocking calls, which throw as {@link #bodyBytes()} does; of any length.
     *
     * @throws IllegalStateException on an event loop
     */
    public InputStream bodyInputStream() {
        requireOffLoop();
        return new ChunkInputStream(source.body());
    }

    private void requireOffLoop() {
        if (source.isOnLoop()) {
            throw new IllegalStateException(
                    "the event loop must not wait for the body of " + this + "; use bodyBytesAsync or body, or a handler that may block");
        }
    }

    // ---- the upgrade

    /** The upgrade to WebSocket that this request asks for; empty if it does not, or not as RFC 6455, 4.2.1 demands. */
    public Optional<WebSocketUpgrade> upgrade() {
        return upgrade instanceof UpgradeRequest.Valid valid ? Optional.of(new WebSocketUpgrade(this, valid)) : Optional.empty();
    }

    /** Whether this asks for the upgrade to WebSocket, be it as RFC 6455, 4.2.1 demands or with a fault. */
    public boolean attemptsUpgrade() {
        return !(upgrade instanceof UpgradeRequest.NotAttempted);
    }

    /**
     * The refusal for a request that a WebSocket handler was to take but that has no {@link #upgrade()}: 426 with the version that is spoken
     * here and, from the server, {@code Upgrade: websocket}, or 400 with the reason.
     */
    public Response upgradeRefusal() {
        if (upgrade instanceof UpgradeRequest.Faulty faulty) {
            Response refusal = Response.text(faulty.status(), faulty.reason());
            return faulty.status() == 426
                    ? refusal.withHeader("Sec-WebSocket-Version", ServerHandshake.VERSION)
                    : refusal;
        }
        return Response.text(400, "Expected WebSocket Upgrade request");
    }

    @Override
    public String toString() {
        return method() + " " + target();
    }
}
