// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import org.jspecify.annotations.Nullable;

/**
 * A request cannot be answered as was asked. If this leaves an {@link HttpHandler}, its status is the response's, and its message the
 * response's text: so a handler may throw it from wherever it finds out, as in {@code throw new HttpStatusException(404, "no room " + name)}.
 * Reading a request's body throws it as well: 413 for one that is too large, 408 for one that does not come, 400 for one that breaks off or
 * is malformed.
 */
public final class HttpStatusException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * An exception with a status.
     *
     * @param status 400 to 599
     * @param message for the client to read, so without internals
     * @throws IllegalArgumentException if the status is outside that range
     */
    public HttpStatusException(int status, String message) {
        this(status, message, null);
    }

    /** The same with a cause, which the client is not told. */
    public HttpStatusException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400 to 599, not " + status);
        }
        this.status = status;
    }

    /** The status of the response, 400 to 599. */
    public int status() {
        return status;
    }
}
