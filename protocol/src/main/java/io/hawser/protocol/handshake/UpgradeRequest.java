// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.List;

/** What a server makes of an HTTP request, as far as the upgrade to WebSocket goes. */
public sealed interface UpgradeRequest {
    /** It asks for no upgrade to WebSocket: plain HTTP. */
    record NotAttempted() implements UpgradeRequest {}

    /**
     * It asks for the upgrade, but not as the RFC demands. Where a WebSocket handler would take the request, this is the answer;
     * elsewhere it is plain HTTP.
     *
     * @param status 400; 426 for a version that is not 13, with {@code Sec-WebSocket-Version: 13} in the response
     * @param reason a short plain text for the response's body
     */
    record Faulty(int status, String reason) implements UpgradeRequest {}

    /**
     * It is a valid request for the upgrade.
     *
     * @param key the {@code Sec-WebSocket-Key}
     * @param subprotocols those offered, in the client's order of preference
     * @param extensions those offered, in the client's order of preference
     */
    record Valid(String key, List<String> subprotocols, List<Extension> extensions) implements UpgradeRequest {
        /** Copies the lists. */
        public Valid {
            subprotocols = List.copyOf(subprotocols);
            extensions = List.copyOf(extensions);
        }
    }
}
