// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.http.HeaderFields;
import io.hawser.protocol.Utf8;
import io.hawser.protocol.handshake.HandshakeHeaders;
import io.hawser.protocol.handshake.ServerHandshake;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** How a {@link RawServer} answers requests, right or wrong; by default as RFC 6455, 4.2.2 demands. Immutable: each method returns another. */
public final class RawHandshake {
    /** That which is right. */
    static final RawHandshake RIGHT = new RawHandshake();

    private int status = 101;
    private Map<String, Optional<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private byte[] body = {};
    private boolean silent;

    private RawHandshake() {}

    private RawHandshake with(Consumer<RawHandshake> change) {
        RawHandshake changed = new RawHandshake();
        changed.status = status;
        changed.fields.putAll(fields);
        changed.body = body;
        changed.silent = silent;
        change.accept(changed);
        return changed;
    }

    /**
     * Answers with another status, and so without a connection.
     *
     * @param code 100 to 599; default 101
     * @throws IllegalArgumentException if it is outside that range
     */
    public RawHandshake status(int code) {
        if (code < 100 || code > 599) {
            throw new IllegalArgumentException("a status must be 100 to 599, not " + code);
        }
        return with(o -> o.status = code);
    }

    /**
     * Answers with this header field, in place of the right one of that name: such as {@code Sec-WebSocket-Protocol}, of which there is none
     * by default.
     *
     * @throws IllegalArgumentException if it cannot stand in a header
     */
    public RawHandshake header(String name, String value) {
        HandshakeHeaders.requireField(name, value);
        return with(o -> o.fields.put(name, Optional.of(value)));
    }

    /** Answers without a header field. */
    public RawHandshake without(String name) {
        return with(o -> o.fields.put(name, Optional.empty()));
    }

    /** Answers with a body; default none. */
    public RawHandshake body(String text) {
        return with(o -> o.body = Utf8.encode(text));
    }

    /** Takes requests and never answers. */
    public RawHandshake silent() {
        return with(o -> o.silent = true);
    }

    boolean isSilent() {
        return silent;
    }

    /** The answer to a request, as the client receives it. */
    Response answer(Request request) {
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (status == 101) {
            String key = request.headers().firstValue("Sec-WebSocket-Key").orElse("");
            sent.putAll(ServerHandshake.responseHeaders(key, Optional.empty(), List.of()));
        }
        fields.forEach((name, value) -> value.ifPresentOrElse(present -> sent.put(name, present), () -> sent.remove(name)));
        return Response.received(status, HeaderFields.received(sent.entrySet()), body);
    }
}
