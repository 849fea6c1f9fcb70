// SPDX-License-Identifier: Apache-2.0

package io.hawser;

import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * An open WebSocket connection, in whichever face. Every method may be called from any thread and none blocks. Messages of several
 * senders never interleave; those of one thread leave in their order.
 *
 * <p>Stages are completed on the connection's event loop, where nothing may block.
 */
public interface Connection {
    /** The request that asked for the connection. */
    Request request();

    /** The response that accepted it (RFC 6455, 4.2.2), as it was sent: 101 with its header fields. */
    Response response();

    /** The subprotocol that was agreed on, if any. */
    Optional<String> subprotocol();

    /** The peer's address; of a proxy, where one stands between. */
    SocketAddress remoteAddress();

    /** The address at this side. */
    SocketAddress localAddress();

    /** Who the peer is by its certificate, if it showed one over TLS that was verified; empty in the clear. */
    Optional<Principal> principal();

    /**
     * What is kept here for the application under a key: what was {@link #set} last, or else what the {@linkplain Request#with request
     * carried} that was accepted.
     */
    <T> Optional<T> get(Attribute<T> key);

    /** Keeps a value for the application, in place of the one before. It is seen by other threads at once. */
    <T> void set(Attribute<T> key, T value);

    /** Keeps nothing any more under a key, nor shows what the request carried. */
    void remove(Attribute<?> key);

    /**
     * Sends a message if not too much waits already.
     *
     * @return false if the bytes that wait are above the high-water mark, or the connection closes: the message is not sent
     */
    boolean trySend(Message message);

    /**
     * Sends a message, however much waits already.
     *
     * @return completes when the transport has accepted the last byte; fails with {@link WebSocketClosedException} if the connection
     *     ends before that
     */
    CompletionStage<Void> sendAsync(Message message);

    /**
     * Sends a ping.
     *
     * @return completes with the round-trip time when its pong comes; fails with {@link WebSocketClosedException} if none does before the
     *     connection ends
     */
    CompletionStage<Duration> pingAsync();

    /**
     * Tells of each ping and pong that comes, beside what else becomes of it; replaces the listener that was set before. Those that came
     * before are not told, and neither are pongs to keep-alive's own pings. Set it first thing in a handler to miss none.
     *
     * @param listener called on the event loop; must not block. What it throws closes the connection with 1011
     */
    void onControl(Consumer<? super Frame> listener);

    /**
     * Begins to close (RFC 6455, 7.1.2): what was sent before leaves first, the input goes on until the peer's close or the close
     * timeout. Without effect if the connection is closing already.
     *
     * @return completes as {@link #closed()} does
     * @throws IllegalArgumentException if the status is never sent (1005, 1006, 1015)
     */
    CompletionStage<Closed> closeAsync(CloseStatus status);

    /** Ends the transport at once, without a close frame. What was not accepted by it is lost. */
    void abort();

    /** Completes once, when the connection is closed; never fails. */
    CompletionStage<Closed> closed();
}
