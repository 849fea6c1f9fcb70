// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.UpgradeRefusedException;
import io.hawser.client.Reconnecting.State;
import io.hawser.waiting.HandMovedClock;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A reconnecting connection on one thread, whose {@linkplain HandMovedClock time} moves when a test says so and whose attempts succeed or
 * fail by the test's word.
 */
final class Rehearsal {
    private static final String URI_TEXT = "ws://example.com/feed";

    private final HandMovedClock clock;
    private final List<CompletableFuture<Connection>> attempts = new ArrayList<>();
    private final List<State> states = new ArrayList<>();
    private final Reconnecting reconnecting;

    /** Of all states told, those since the last look come from {@link #news}. */
    private int seen;

    private Rehearsal(UnaryOperator<ConnectOptions> change, long seed) {
        ConnectOptions options = change.apply(ConnectOptions.defaults().onReconnecting(states::add));
        clock = new HandMovedClock(seed);
        reconnecting = new Reconnecting(URI.create(URI_TEXT), this::attempt, options.reconnecting, clock);
    }

    /** Starts. */
    static Rehearsal of(UnaryOperator<ConnectOptions> change) {
        return of(change, 1);
    }

    static Rehearsal of(UnaryOperator<ConnectOptions> change, long seed) {
        Rehearsal rehearsal = new Rehearsal(change, seed);
        rehearsal.reconnecting.start();
        return rehearsal;
    }

    private CompletableFuture<Connection> attempt() {
        CompletableFuture<Connection> opening = new CompletableFuture<>();
        attempts.add(opening);
        return opening;
    }

    Reconnecting reconnecting() {
        return reconnecting;
    }

    /** How many attempts were begun. */
    int attempts() {
        return attempts.size();
    }

    /** The attempt that was begun last. */
    CompletableFuture<Connection> attempt(int number) {
        return attempts.get(number - 1);
    }

    /** Whether a wait is under way. */
    boolean hasTimers() {
        return clock.hasTimers();
    }

    /** The attempt that is under way leads to this connection. */
    FakeConnection opens(FakeConnection connection) {
        attempts.getLast().complete(connection);
        return connection;
    }

    /** The attempt that is under way fails: nobody is there. */
    void fails() {
        attempts.getLast().completeExceptionally(new ConnectFailedException("nobody there", null));
    }

    /** The attempt that is under way is refused. */
    void isRefused(int status, Map<String, List<String>> headers) {
        attempts.getLast()
                .completeExceptionally(new UpgradeRefusedException(
                        URI_TEXT, status, HttpHeaders.of(headers, (name, value) -> true), ByteBuffer.allocate(0)));
    }

    void passes(Duration time) {
        clock.passes(time);
    }

    /** Lets the wait pass that was told last, and not a moment more. */
    Duration waits() {
        Duration time = ((State.Waiting) reconnecting.state()).time();
        if (!time.isZero()) {
            int before = attempts();
            passes(time.minusNanos(1));
            if (attempts() != before) {
                throw new AssertionError("an attempt before the time");
            }
            passes(Duration.ofNanos(1));
        } else {
            passes(time);
        }
        return time;
    }

    /** The states that were told since this was last asked. */
    List<State> news() {
        List<State> news = List.copyOf(states.subList(seen, states.size()));
        seen = states.size();
        return news;
    }
}
