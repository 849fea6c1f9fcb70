// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketException;
import io.hawser.client.Reconnecting.Cause;
import io.hawser.client.Reconnecting.State;
import io.hawser.protocol.CloseStatus;
import io.hawser.waiting.Surroundings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of a reconnecting connection, one after another: an attempt, an open connection or none, a wait, and the next attempt, until
 * something stops it. What happens comes from many threads and is dealt with in turns, so that nothing here needs a lock.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final String uri;
    private final Supplier<CompletableFuture<Connection>> connector;
    private final ReconnectOptions options;
    private final Surroundings around;
    private final Unsent unsent;
    private final BackOff backOff;
    private final Turns turns = new Turns(Runnable::run);
    private final Turns telling;
    private final CompletableFuture<State.Stopped> stopped = new CompletableFuture<>();
    private volatile State state = new State.Connecting(1);

    // In turns
    private int attempts;
    private @Nullable CompletableFuture<Connection> underWay;
    private Runnable cancelWait = () -> {};
    private @Nullable Connection present;
    private long openedAt;
    /** Since when there has been no connection. */
    private long missingSince;
    /** Why it will stop when the connection that is being closed has ended. */
    private @Nullable Cause stopping;

    Attempts(
            String uri,
            Supplier<CompletableFuture<Connection>> connector,
            ReconnectOptions options,
            Surroundings around) {
        this.uri = uri;
        this.connector = connector;
        this.options = options;
        this.around = around;
        this.unsent = new Unsent(uri, options.keptMessages(), options.keptBytes());
        this.backOff = new BackOff(options.firstWait(), options.maxWait(), around.newChance());
        this.telling = new Turns(task -> around.start("hawser-reconnecting", task));
    }

    // ---- for any thread

    void start() {
        turns.run(() -> {
            missingSince = around.nanoTime();
            attempt();
        });
    }

    /** Stops, behind the end of the connection if there is one. Without effect if that has begun. */
    void stop(Cause cause, CloseStatus status) {
        turns.run(() -> {
            if (stopping != null || isStopped()) {
                return;
            }
            stopping = cause;
            unsent.end();
            Connection open = present;
            if (open != null) {
                open.closeAsync(status); // its end is ours
                return;
            }
            stopped(cause, Optional.empty());
            cancelWait.run();
            CompletableFuture<Connection> opening = underWay;
            if (opening != null) {
                opening.cancel(false);
            }
        });
    }

    State state() {
        return state;
    }

    Unsent unsent() {
        return unsent;
    }

    CompletionStage<State.Stopped> stopped() {
        return stopped.minimalCompletionStage();
    }

    // ---- in turns

    private boolean isStopped() {
        return state instanceof State.Stopped;
    }

    private void attempt() {
        if (isStopped()) {
            return; // while the wait's end was on its way
        }
        attempts++;
        tell(new State.Connecting(attempts));
        CompletableFuture<Connection> opening;
        try {
            opening = connector.get();
        } catch (Throwable failure) { // of what the application supplies: an attempt that failed
            opening = CompletableFuture.failedFuture(failure);
        }
        underWay = opening;
        opening.whenComplete((connection, failure) -> turns.run(() -> attempted(connection, failure)));
    }

    private void attempted(@Nullable Connection connection, @Nullable Throwable failure) {
        underWay = null;
        if (isStopped()) {
            if (connection != null) {
                connection.closeAsync(CloseStatus.of(CloseStatus.NORMAL)); // it opened in the very moment
            }
        } else if (connection != null) {
            opened(connection);
        } else if (failure instanceof WebSocketException told) {
            failed(told);
        } else {
            failed(new ConnectFailedException("cannot connect to " + uri + ": " + failure, failure));
        }
    }

    private void opened(Connection connection) {
        present = connection;
        openedAt = around.nanoTime();
        State.Open open = new State.Open(connection);
        state = open;
        unsent.open(connection); // before the listener is told, so that it may send
        tell(open);
        connection.closed().thenAccept(how -> turns.run(() -> closed(how)));
    }

    private void closed(Closed how) {
        present = null;
        WebSocketClosedException why = new WebSocketClosedException(how, null);
        unsent.close(why);
        if (stopping != null) {
            stopped(stopping, Optional.empty());
            return;
        }
        long now = around.nanoTime();
        if (Duration.ofNanos(now - openedAt).compareTo(options.stableAfter()) >= 0) {
            attempts = 0;
            backOff.reset();
        }
        missingSince = now;
        failed(why);
    }

    /** There is no connection: waits for the next attempt, unless there shall be none. */
    private void failed(WebSocketException why) {
        Duration missing = Duration.ofNanos(around.nanoTime() - missingSince);
        Optional<Duration> patience = options.giveUpAfter().map(limit -> limit.minus(missing));
        if (ReconnectOptions.isPolicy(why)) {
            endBecauseOf(Cause.REFUSED, why);
        } else if (isNamed(why)) {
            endBecauseOf(Cause.STOP_WHEN, why);
        } else if (patience.isPresent() && !patience.get().isPositive()) {
            endBecauseOf(Cause.GAVE_UP, why);
        } else {
            Duration asked = RetryAfter.of(why, around.instant(), options.maxWait());
            Duration wait = backOff.next(asked);
            Duration time = patience.map(left -> shorter(wait, left)).orElse(wait);
            tell(new State.Waiting(why, time));
            cancelWait = around.schedule(() -> turns.run(this::attempt), time);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether the application wants to stop there. */
    private boolean isNamed(WebSocketException why) {
        try {
            return options.stopWhen().test(why);
        } catch (RuntimeException failure) {
            LOG.error("stopWhen of what reconnects to {} failed on {}; it reconnects", uri, why, failure);
            around.onFailure(failure);
            return false;
        }
    }

    private void endBecauseOf(Cause cause, WebSocketException why) {
        if (cause != Cause.STOP_WHEN) {
            LOG.warn("reconnects to {} no more, {}: {}", uri, cause, why.getMessage());
        }
        unsent.close(why);
        unsent.end();
        stopped(cause, Optional.of(why));
    }

    private void stopped(Cause cause, Optional<WebSocketException> why) {
        State.Stopped last = new State.Stopped(cause, why);
        tell(last);
        stopped.complete(last);
    }

    private void tell(State next) {
        state = next;
        telling.run(() -> {
            try {
                options.listener().accept(next);
            } catch (RuntimeException failure) {
                LOG.error("the listener of what reconnects to {} failed, told of {}", uri, next, failure);
                around.onFailure(failure);
            }
        });
    }
}
