// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.handshake.HandshakeHeaders;
import io.hawser.protocol.handshake.ServerHandshake;
import io.hawser.protocol.handshake.UpgradeRequest;
import java.net.SocketAddress;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** An HTTP request. Immutable. */
public final class Request {
    private final String method;
    private final String target;
    private final String version;
    private final HttpHeaders headers;
    private final SocketAddress remoteAddress;
    private final UpgradeRequest upgrade;
    private final Map<Attribute<?>, Object> attributes;

    /**
     * A request.
     *
     * @param method as it was sent, "GET"
     * @param target as it was sent, "/chat?room=1"
     * @param version "HTTP/1.1" or "HTTP/1.0"
     * @param headers the header fields
     * @param remoteAddress the peer's address
     */
    public Request(String method, String target, String version, HttpHeaders headers, SocketAddress remoteAddress) {
        this.method = method;
        this.target = target;
        this.version = version;
        this.headers = headers;
        this.remoteAddress = remoteAddress;
        HandshakeHeaders fields = headers::allValues;
        this.upgrade = ServerHandshake.read(method, version, fields);
        this.attributes = Map.of();
    }

    private Request(Request from, Map<Attribute<?>, Object> attributes) {
        this.method = from.method;
        this.target = from.target;
        this.version = from.version;
        this.headers = from.headers;
        this.remoteAddress = from.remoteAddress;
        this.upgrade = from.upgrade;
        this.attributes = attributes;
    }

    /**
     * This request with a value for the application, in place of one that it has under that key. A WebSocket connection that is accepted by the
     * {@link #upgrade()} of the changed request shows the value: so who authorises can tell the handler behind it for whom.
     */
    public <T> Request with(Attribute<T> key, T value) {
        Map<Attribute<?>, Object> changed = new HashMap<>(attributes);
        changed.put(Objects.requireNonNull(key), Objects.requireNonNull(value));
        return new Request(this, Map.copyOf(changed));
    }

    /** The value that was added under a key. */
    @SuppressWarnings("unchecked") // with() lets only a T in
    public <T> Optional<T> get(Attribute<T> key) {
        return Optional.ofNullable((T) attributes.get(key));
    }

    /** The method as it was sent. */
    public String method() {
        return method;
    }

    /** The target as it was sent, with its query, not decoded. */
    public String target() {
        return target;
    }

    /** The target's path, without its query, not decoded: "/chat", also where the target is "http://example.com/chat?room=1". */
    public String path() {
        int query = target.indexOf('?');
        String before = query < 0 ? target : target.substring(0, query);
        int scheme = before.indexOf("://");
        if (before.startsWith("/") || scheme < 0) {
            return before;
        }
        // RFC 9112 3.2.2: a server MUST accept the absolute-form in requests.
        int slash = before.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : before.substring(slash);
    }

    /** "HTTP/1.1" or "HTTP/1.0". */
    public String version() {
        return version;
    }

    /** The header fields. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The peer's address; of a proxy, where one stands between. */
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** The upgrade to WebSocket that this request asks for; empty if it does not, or not as RFC 6455, 4.2.1 demands. */
    public Optional<WebSocketUpgrade> upgrade() {
        return upgrade instanceof UpgradeRequest.Valid valid ? Optional.of(new WebSocketUpgrade(this, valid)) : Optional.empty();
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
        return method + " " + target;
    }
}
