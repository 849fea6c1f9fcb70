// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.stage;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.ProtocolViolation;
import io.hawser.protocol.message.Utf8Validator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The closing of a connection (RFC 6455, 7), and the one place where its state changes.
 *
 * <pre>
 *   OPEN ── our close ──▶ CLOSING ── theirs, or the deadline, or the transport's end ──▶ CLOSED
 *     └──── their close, a violation, a failure, the transport's end ──────────────────────▲
 * </pre>
 */
public final class CloseHandshake implements ControlSink {
    /** How far the closing has come. */
    public enum State {
        /** Neither side has closed. */
        OPEN,
        /** Our close frame is sent or queued, the peer's is awaited; its data is still taken. */
        CLOSING,
        /** Nothing more is taken from the peer; what we have to say is sent or queued. */
        CLOSED
    }

    /** Told once how the connection ended. */
    @FunctionalInterface
    public interface Listener {
        /**
         * The connection is closed.
         *
         * @param status the status of the side that closed first
         * @param local whether that was this side
         * @param clean whether both close frames were exchanged
         * @param violation the peer's fault, if it was one
         */
        void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation);
    }

    private final ControlOutput output;
    private final StageClock clock;
    private final ControlSink next;
    private final Listener listener;

    private State state = State.OPEN;
    private CloseStatus ours = CloseStatus.of(CloseStatus.NO_STATUS);
    private boolean closeAccepted;
    private long closeAcceptedNanos;

    /**
     * The closing of one connection.
     *
     * @param output where close frames go
     * @param clock the time
     * @param next takes pings and pongs, while the connection is not closed
     * @param listener told of the end
     */
    public CloseHandshake(ControlOutput output, StageClock clock, ControlSink next, Listener listener) {
        this.output = output;
        this.clock = clock;
        this.next = next;
        this.listener = listener;
    }

    /** How far the closing has come. */
    public State state() {
        return state;
    }

    /** How long the peer's close frame may still take, of this time since the transport accepted ours; for ever while it has not. */
    public long nanosLeft(Duration timeout) {
        return closeAccepted ? timeout.toNanos() - Math.max(0, clock.since(closeAcceptedNanos)) : StageClock.NEVER;
    }

    /** Begins to close from our side; nothing happens if either side has begun already. */
    public void close(CloseStatus status) {
        if (state == State.OPEN) {
            state = State.CLOSING;
            ours = status;
            sendClose(status);
        }
    }

    /**
     * Ends the connection because the peer broke a rule or this side cannot go on. The peer is told, but not waited for.
     *
     * @param violation the peer's fault, if it was one
     */
    public void fail(CloseStatus status, @Nullable ProtocolViolation violation) {
        if (state == State.OPEN) {
            // RFC 6455 7.1.7: SHOULD send a Close frame with an appropriate status code before it closes.
            sendClose(status);
            closed(status, true, false, violation);
        } else if (state == State.CLOSING) {
            closed(ours, true, false, violation);
        }
    }

    /** The transport has ended, or is given up, before the closing was complete. */
    public void cutOff(String how) {
        if (state == State.OPEN) {
            closed(CloseStatus.of(CloseStatus.ABNORMAL, how), false, false, null);
        } else if (state == State.CLOSING) {
            closed(ours, true, false, null);
        }
    }

    @Override
    public void onClose(byte[] payload) {
        CloseStatus theirs = decode(payload);
        if (state == State.OPEN) {
            // RFC 6455 5.5.1: the endpoint MUST send a Close frame in response; it typically echos the status code.
            sendClose(theirs.code() == CloseStatus.NO_STATUS ? theirs : CloseStatus.of(theirs.code()));
            closed(theirs, false, true, null);
        } else if (state == State.CLOSING) {
            closed(ours, true, true, null);
        }
    }

    @Override
    public void onPing(byte[] payload) {
        if (state != State.CLOSED) {
            next.onPing(payload);
        }
    }

    @Override
    public void onPong(byte[] payload) {
        if (state != State.CLOSED) {
            next.onPong(payload);
        }
    }

    private void sendClose(CloseStatus status) {
        output.close(status, accepted -> {
            closeAccepted = accepted;
            closeAcceptedNanos = clock.nanos();
        });
    }

    private void closed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation) {
        state = State.CLOSED;
        listener.onClosed(status, local, clean, violation);
    }

    /**
     * The status in a close frame that was put together by hand.
     *
     * @throws IllegalArgumentException if its body is not legal
     */
    public static CloseStatus statusOf(Frame close) {
        byte[] body = new byte[close.length()];
        close.payload().get(body);
        try {
            return decode(body);
        } catch (ProtocolViolation fault) {
            throw new IllegalArgumentException(fault.getMessage(), fault);
        }
    }

    /**
     * The status in the body of a close frame; {@link CloseStatus#NO_STATUS} for an empty one.
     *
     * @throws ProtocolViolation if it is one byte, a code that is never sent, or a reason that is not UTF-8
     */
    static CloseStatus decode(byte[] payload) {
        if (payload.length == 0) {
            return CloseStatus.of(CloseStatus.NO_STATUS);
        }
        if (payload.length == 1) {
            // RFC 6455 5.5.1: if there is a body, the first two bytes MUST be an unsigned integer.
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "5.5.1", "a close frame with one byte of body");
        }
        ByteBuffer body = ByteBuffer.wrap(payload);
        int code = body.getShort() & 0xFFFF;
        if (!CloseStatus.isSendable(code)) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "7.4", "close code " + code + " is never sent");
        }
        Utf8Validator reason = new Utf8Validator();
        if (reason.check(body, body.position(), body.limit()) >= 0 || !reason.isComplete()) {
            throw new ProtocolViolation(CloseStatus.INVALID_DATA, "5.5.1", "a close reason that is not UTF-8");
        }
        return CloseStatus.of(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }
}
