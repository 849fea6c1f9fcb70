// SPDX-License-Identifier: Apache-2.0

package io.hawser.http;

import io.hawser.Response;

/**
 * How one response goes to who asked.
 *
 * @param carriesBody whether its body is sent; if not, its header fields are the same
 * @param chunked whether the body is in chunks, as its length is not known
 * @param keepAlive whether a request may follow on the connection
 * @param http10 whether HTTP/1.0 is spoken
 */
public record Delivery(boolean carriesBody, boolean chunked, boolean keepAlive, boolean http10) {
    /**
     * How a response is to go.
     *
     * @param head whether it answers a HEAD
     * @param keepAlive whether a request may follow, as far as the client and the server are concerned
     * @param http10 whether the client speaks HTTP/1.0
     */
    public static Delivery of(Response response, boolean head, boolean keepAlive, boolean http10) {
        boolean mayHaveBody = mayHaveBody(response.status());
        boolean unknownLength = mayHaveBody && response.body().length().isEmpty();
        // RFC 9110 9.3.2: the server MUST NOT send content in the response to HEAD.
        boolean carriesBody = mayHaveBody && !head;
        // RFC 9112 6.1: a server MUST NOT send Transfer-Encoding unless the request indicates HTTP/1.1; so 6.3, the end is the connection's.
        boolean endsWithConnection = carriesBody && unknownLength && http10;
        return new Delivery(carriesBody, unknownLength && !http10, keepAlive && !endsWithConnection, http10);
    }

    /** Whether a response of this status may carry a body (RFC 9110, 15.3.5, 15.3.6, 15.4.5). */
    static boolean mayHaveBody(int status) {
        return status != 204 && status != 205 && status != 304;
    }
}
