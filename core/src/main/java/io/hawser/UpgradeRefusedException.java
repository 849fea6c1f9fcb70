// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A server answered a request for the upgrade with something else than 101: what it said, so that a caller can act upon it. */
public final class UpgradeRefusedException extends WebSocketException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient HttpHeaders headers;
    private final transient ByteBuffer body;

    /**
     * A refusal.
     *
     * @param uri what was to be connected to; for the message
     * @param status the response's status
     * @param headers the response's header fields
     * @param body its body, of which at most the first 64 KiB are kept; handed over
     */
    public UpgradeRefusedException(String uri, int status, HttpHeaders headers, ByteBuffer body) {
        this(uri + " refused the upgrade to WebSocket with status " + status, headers, body, status);
    }

    private UpgradeRefusedException(String message, HttpHeaders headers, ByteBuffer body, int status) {
        super(message, null);
        this.status = status;
        this.headers = headers;
        this.body = body.asReadOnlyBuffer();
    }

    /**
     * The same refusal, whose message also says why nothing more was done about it.
     *
     * @param why goes behind a semicolon
     */
    public UpgradeRefusedException because(String why) {
        return new UpgradeRefusedException(getMessage() + "; " + why, headers, body, status);
    }

    /** The response's status. */
    public int status() {
        return status;
    }

    /** The response's header fields. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The response's body as a read-only view, cut off behind 64 KiB. */
    public ByteBuffer body() {
        return body.duplicate();
    }

    /** The body read as UTF-8; what is no UTF-8 shows as U+FFFD. */
    public String bodyText() {
        return StandardCharsets.UTF_8.decode(body()).toString();
    }
}
