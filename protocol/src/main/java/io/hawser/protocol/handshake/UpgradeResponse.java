// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.handshake;

import java.util.List;
import java.util.Optional;

/** What a client makes of an HTTP response to its request for the upgrade. */
public sealed interface UpgradeResponse {
    /** It is not a 101: the server refuses, redirects or asks for credentials, as its status, headers and body say. */
    record NotSwitched() implements UpgradeResponse {}

    /**
     * It is a 101, but not the answer to this request. The client must fail the connection (RFC 6455, 4.1).
     *
     * @param reason what is wrong
     */
    record Faulty(String reason) implements UpgradeResponse {}

    /**
     * The connection is open.
     *
     * @param subprotocol the one that the server chose of those that were offered
     * @param extensions those agreed on, in the server's order; their parameters are for each extension to judge
     */
    record Accepted(Optional<String> subprotocol, List<Extension> extensions) implements UpgradeResponse {
        /** Copies the list. */
        public Accepted {
            extensions = List.copyOf(extensions);
        }
    }
}
