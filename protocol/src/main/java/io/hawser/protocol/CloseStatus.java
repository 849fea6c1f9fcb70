// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.nio.ByteBuffer;

/**
 * Why a connection ends: a status code and a reason (RFC 6455, 7.4).
 *
 * <p>A status that is sent must be {@linkplain #isSendable() sendable}. The codes 1005, 1006 and 1015 never stand on the
 * wire; they tell an application that the peer gave no code, that the connection was cut off, or that TLS failed.
 *
 * @param code 1000 to 1003, 1005 to 1015, or 3000 to 4999
 * @param reason for people to read, never null; at most 123 bytes of UTF-8 where the code is sendable
 */
public record CloseStatus(int code, String reason) {
    /** The purpose of the connection is fulfilled. */
    public static final int NORMAL = 1000;
    /** The endpoint goes away: a server stops, a page is left. */
    public static final int GOING_AWAY = 1001;
    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;
    /** The peer sent a kind of data that is not taken here. */
    public static final int UNSUPPORTED_DATA = 1003;
    /** No code was in the peer's close frame. Never sent. */
    public static final int NO_STATUS = 1005;
    /** The connection ended without a close frame. Never sent. */
    public static final int ABNORMAL = 1006;
    /** Data did not fit its type: text that is not UTF-8. */
    public static final int INVALID_DATA = 1007;
    /** A policy of this endpoint was broken, for which no other code fits. */
    public static final int POLICY_VIOLATION = 1008;
    /** A message is larger than this endpoint takes. */
    public static final int TOO_BIG = 1009;
    /** This endpoint failed while it served the connection. */
    public static final int INTERNAL_ERROR = 1011;
    /** The server cannot take this now, but may later. */
    public static final int TRY_AGAIN_LATER = 1013;
    /** The longest reason, in bytes of UTF-8: a control frame's 125 less the code's two. */
    public static final int MAX_REASON_BYTES = 123;

    private static final int TLS_FAILURE = 1015;

    /**
     * Checks code and reason.
     *
     * @throws IllegalArgumentException if the code is outside the ranges above, or the reason is too long or holds an
     *     unpaired surrogate
     */
    public CloseStatus {
        if (!isSendable(code) && code != NO_STATUS && code != ABNORMAL && code != TLS_FAILURE) {
            throw new IllegalArgumentException("close code " + code + " is not one of 1000-1003, 1005-1015, 3000-4999");
        }
        if (isSendable(code)) {
            int bytes = Utf8.encode(reason).length;
            if (bytes > MAX_REASON_BYTES) {
                throw new IllegalArgumentException(
                        "close reason is " + bytes + " bytes of UTF-8, at most " + MAX_REASON_BYTES + " fit");
            }
        }
    }

    /** This code without a reason. */
    public static CloseStatus of(int code) {
        return new CloseStatus(code, "");
    }

    /** This code with a reason. */
    public static CloseStatus of(int code, String reason) {
        return new CloseStatus(code, reason);
    }

    /** Whether a close frame may carry this code: 1000 to 1003, 1007 to 1014, 3000 to 4999. */
    public static boolean isSendable(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }

    /** Whether a close frame may carry this status. */
    public boolean isSendable() {
        return isSendable(code);
    }

    /**
     * Checks that a close frame may carry this status.
     *
     * @throws IllegalArgumentException if not
     */
    public void requireSendable() {
        if (!isSendable()) {
            throw new IllegalArgumentException("close code " + code + " is never sent");
        }
    }

    /** Whether this is an ordinary end, not a failure: 1000, 1001 or no code at all. */
    public boolean isNormal() {
        return code == NORMAL || code == GOING_AWAY || code == NO_STATUS;
    }

    /** The body of a close frame with this status; empty for {@link #NO_STATUS}. */
    public ByteBuffer toPayload() {
        if (code == NO_STATUS) {
            return ByteBuffer.allocate(0);
        }
        byte[] text = Utf8.encode(reason);
        return ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).flip();
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }
}
