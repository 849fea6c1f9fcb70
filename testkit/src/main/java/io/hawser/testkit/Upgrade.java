// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a request for the upgrade to WebSocket. Immutable. */
public final class Upgrade {
    private final Scene scene;
    private final String target;
    private final Response response;
    private final @Nullable Probe probe;

    Upgrade(Scene scene, String target, Response response, @Nullable Probe probe) {
        this.scene = scene;
        this.target = target;
        this.response = response;
        this.probe = probe;
    }

    /** Whether the server accepted: the connection is a WebSocket's. */
    public boolean isWebSocketUpgrade() {
        return probe != null;
    }

    /** The subprotocol that the server chose, if any. */
    public Optional<String> subprotocol() {
        return probe == null ? Optional.empty() : probe.connection().subprotocol();
    }

    /** The response as the client received it: 101, or the refusal with its body. */
    public Response response() {
        return response;
    }

    /**
     * The open connection.
     *
     * @throws AssertionError if the server refused, with status, header fields and body of what it said
     */
    public Probe probe() {
        if (probe == null) {
            throw Requests.refused(scene, target, response);
        }
        return probe;
    }

    /** As in "GET /chat, answered by 404 text/plain, 9 bytes". */
    @Override
    public String toString() {
        return "GET " + target + ", answered by " + response;
    }
}
