// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.Connection;
import io.hawser.Message;
import io.hawser.WebSocketException;
import io.hawser.protocol.CloseStatus;
import io.hawser.waiting.Surroundings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A connection that is made anew whenever it ends or cannot be made; by {@link HawserClient#reconnecting}. The handler is opened for each
 * connection as if it were the first. Every method may be called from any thread and none blocks.
 *
 * <p>Between two attempts lies a random wait, below a ceiling that doubles from one to the next ({@link ConnectOptions#backOff}) and is small
 * again after a connection that was {@linkplain ConnectOptions#stableAfter stable}. Where a refusal says {@code Retry-After} (RFC 9110,
 * 10.2.3), the wait is that much longer. It exceeds the longest back-off by no more than a tenth.
 *
 * <p>What ends one connection and what ends all:
 *
 * <table>
 * <caption>What follows</caption>
 * <tr><th>what happened</th><th>what follows</th></tr>
 * <tr><td>{@link #close()}, or the client is closed</td><td>it stops, and closes the connection with 1000, or 1001</td></tr>
 * <tr><td>the server refuses with 401 or 403, or closes with 1008 (RFC 6455, 7.4.1)</td><td>it stops: the server doesn't want us</td></tr>
 * <tr><td>what {@link ConnectOptions#stopWhen} names</td><td>it stops</td></tr>
 * <tr><td>{@link ConnectOptions#giveUpAfter} is over</td><td>it stops</td></tr>
 * <tr><td>any other end: the server's close with another status, 1000 and 1002 among them; a connection cut off; the handler's own close, or
 * its return</td><td>it connects again, after the wait</td></tr>
 * <tr><td>any other failure to connect: another refusal, nobody there, fresh headers that could not be had</td><td>as above</td></tr>
 * </table>
 *
 * <p>A message goes to the connection that is open. While there is none, it fails at once, or waits if {@link ConnectOptions#keepUnsent} says
 * so. Those that wait leave first and in their order, one when the transport has accepted the one before; behind what a handler of the frames
 * face sends as it is opened, while a handler on a thread of its own is not waited for. A message whose result had not completed when its
 * connection ended fails, since nobody knows whether it arrived, and is never sent again unasked; whoever finds that right sends it again, and
 * it may arrive twice. One whose result has completed was accepted by the transport, which may lose it all the same. Where that matters, the
 * server has to acknowledge.
 */
public final class Reconnecting implements AutoCloseable {
    private final URI uri;
    private final Attempts attempts;

    /**
     * A connection that does nothing until it is started.
     *
     * @param connector makes one attempt; whoever cancels its result gives it up
     */
    Reconnecting(
            URI uri, Supplier<CompletableFuture<Connection>> connector, ReconnectOptions options, Surroundings around) {
        this.uri = uri;
        this.attempts = new Attempts(ShownUri.of(uri), connector, options, around);
    }

    void start() {
        attempts.start();
    }

    /** The client is closed. */
    void clientCloses() {
        attempts.stop(Cause.CLIENT_CLOSED, CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops"));
    }

    /** In which state it is now; {@link ConnectOptions#onReconnecting} tells of every one. */
    public State state() {
        return attempts.state();
    }

    /** The connection that is open; it may end at any moment. */
    public Optional<Connection> connection() {
        return attempts.state() instanceof State.Open open ? Optional.of(open.connection()) : Optional.empty();
    }

    /**
     * Sends a message if it may leave now, or may be kept.
     *
     * @return false if the open connection {@linkplain Connection#trySend does not take it}, or if there is none and the message is not kept;
     *     it is not sent then
     */
    public boolean trySend(Message message) {
        return attempts.unsent().trySend(message);
    }

    /**
     * Sends a message, however much waits already in the open connection, or keeps it.
     *
     * @return completes when the transport has accepted the last byte, which a connection to come may do; fails with {@link
     *     io.hawser.WebSocketClosedException} if the connection ends before that, and with {@link io.hawser.ConnectFailedException} if there is
     *     no connection and the message is not kept, or is kept until all is over. Where it completes nothing may block
     */
    public CompletionStage<Void> sendAsync(Message message) {
        return attempts.unsent().sendAsync(message);
    }

    /** Completes once, when it has stopped and its last connection has ended; never fails. Where it completes nothing may block. */
    public CompletionStage<State.Stopped> stopped() {
        return attempts.stopped();
    }

    /**
     * Stops: gives up a wait or an attempt that is under way, fails the messages that wait, and begins to close the open connection with 1000.
     * Does not wait for that; {@link #stopped()} does. Harmless if repeated.
     */
    @Override
    public void close() {
        attempts.stop(Cause.CLOSED, CloseStatus.of(CloseStatus.NORMAL));
    }

    @Override
    public String toString() {
        return "reconnecting to " + ShownUri.of(uri) + ", " + state();
    }

    /** What a reconnecting connection is at. */
    public sealed interface State {
        /**
         * It tries to connect.
         *
         * @param attempt which attempt it is since the start or the last stable connection; 1 or more
         */
        record Connecting(int attempt) implements State {}

        /**
         * It is connected.
         *
         * @param connection the connection; its handler has been opened
         */
        record Open(Connection connection) implements State {}

        /**
         * It waits for the next attempt.
         *
         * @param why what ended the last one: a {@link io.hawser.WebSocketClosedException} if it had led to a connection, and an {@link
         *     io.hawser.UpgradeRefusedException} or {@link io.hawser.ConnectFailedException} if not
         * @param time how long it waits
         */
        record Waiting(WebSocketException why, Duration time) implements State {}

        /**
         * It has stopped for good.
         *
         * @param cause who stopped it
         * @param why what ended the last attempt or connection; empty where it was closed by this side
         */
        record Stopped(Cause cause, Optional<WebSocketException> why) implements State {}
    }

    /** Who stopped a reconnecting connection. */
    public enum Cause {
        /** The application, by {@link Reconnecting#close()}. */
        CLOSED,
        /** The application, by {@link HawserClient#close()}. */
        CLIENT_CLOSED,
        /** The server: it doesn't want this client, and said so with 401, 403 or 1008. */
        REFUSED,
        /** The application, which named such an end with {@link ConnectOptions#stopWhen}. */
        STOP_WHEN,
        /** Time: there was no connection for as long as {@link ConnectOptions#giveUpAfter} says. */
        GAVE_UP
    }
}
