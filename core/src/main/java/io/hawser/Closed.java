// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.CloseStatus;

/**
 * How a connection ended.
 *
 * @param status the status of the side that closed first; 1005 if it gave none, 1006 if the connection was cut off
 * @param local whether that was this side
 * @param clean whether both sides' close frames were exchanged (RFC 6455, 7.1.4)
 */
public record Closed(CloseStatus status, boolean local, boolean clean) {
    @Override
    public String toString() {
        return status + (local ? ", by this side" : ", by the peer") + (clean ? "" : ", not clean");
    }
}
