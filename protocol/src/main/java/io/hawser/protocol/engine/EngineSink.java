// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol.engine;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;
import org.jspecify.annotations.Nullable;

/**
 * What an engine calls back beside data, which goes to the {@link Delivery}. Called on the thread that drives the engine; it may
 * call the engine, but not {@code receive}.
 */
public interface EngineSink {
    /** A ping came; it is answered already where automatic pongs are on. The payload is handed over. */
    default void onPing(byte[] payload) {}

    /** A pong came that answers no keep-alive ping of the engine's own. The payload is handed over. */
    default void onPong(byte[] payload) {}

    /** The answer to a ping that was sent as a frame came so many nanoseconds after the transport accepted it. */
    default void onRoundTrip(long nanos) {}

    /**
     * Whether the application has dealt with all data that was delivered. If not, a violation of the peer is acted upon only when
     * the engine is told that it has, or after the close timeout, so that the replies to what came before can still leave.
     */
    default boolean isCaughtUp() {
        return true;
    }

    /**
     * The connection is closed: no data follows. Called exactly once.
     *
     * @param status the status of the side that closed first; 1006 if the connection was cut off
     * @param local whether that was this side
     * @param clean whether both sides' close frames were exchanged
     * @param violation the peer's fault, if the connection failed for one
     */
    void onClosed(CloseStatus status, boolean local, boolean clean, @Nullable ProtocolViolation violation);
}
