// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.TextMessage;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocketClosedException;
import io.hawser.client.Reconnecting.Cause;
import io.hawser.client.Reconnecting.State;
import io.hawser.connection.LogLines;
import io.hawser.protocol.CloseStatus;
import io.hawser.waiting.HandMovedClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The states of a reconnecting connection on a virtual clock. */
@Timeout(60)
@Tag("U7")
class ReconnectingTest {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration STABLE = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofDays(1);

    private static State.Stopped stopped(Rehearsal rehearsal) {
        return rehearsal.reconnecting().stopped().toCompletableFuture().getNow(null);
    }

    private static Duration wait(Rehearsal rehearsal) {
        return ((State.Waiting) rehearsal.reconnecting().state()).time();
    }

    // ---- connecting again

    @Test
    void tellsOfEveryStateInOrder() {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        Reconnecting reconnecting = rehearsal.reconnecting();
        assertThat(rehearsal.news()).containsExactly(new State.Connecting(1));
        assertThat(reconnecting.connection()).isEmpty();

        rehearsal.fails();
        assertThat(rehearsal.news()).singleElement().isInstanceOfSatisfying(State.Waiting.class, waiting ->
                assertThat(waiting.why()).isInstanceOf(ConnectFailedException.class).hasMessage("nobody there"));
        rehearsal.waits();
        assertThat(rehearsal.news()).containsExactly(new State.Connecting(2));

        FakeConnection connection = rehearsal.opens(FakeConnection.taking());
        assertThat(rehearsal.news()).containsExactly(new State.Open(connection));
        assertThat(reconnecting.connection()).containsSame(connection);
        assertThat(reconnecting.state()).isEqualTo(new State.Open(connection));

        rehearsal.passes(STABLE);
        connection.end(CloseStatus.ABNORMAL);
        assertThat(rehearsal.news()).singleElement().isInstanceOfSatisfying(State.Waiting.class, waiting ->
                assertThat(waiting.why()).hasMessage("the connection is closed: 1006, by the peer, not clean"));
        assertThat(reconnecting.connection()).isEmpty();
        rehearsal.waits();
        assertThat(rehearsal.news()).containsExactly(new State.Connecting(1));

        reconnecting.close();
        State.Stopped last = new State.Stopped(Cause.CLOSED, Optional.empty());
        assertThat(rehearsal.news()).containsExactly(last);
        assertThat(stopped(rehearsal)).isEqualTo(last);
        assertThat(reconnecting).hasToString("reconnecting to ws://example.com/feed, " + last);
    }

    @Test
    void waitsLongerFromFailureToFailure() {
        boolean beyondHalf = false;
        for (long seed = 0; seed < 50; seed++) {
            Rehearsal rehearsal = Rehearsal.of(o -> o, seed);
            for (long ceiling : new long[] {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000}) {
                rehearsal.fails();
                Duration waited = rehearsal.waits();
                assertThat(waited).isLessThanOrEqualTo(Duration.ofMillis(ceiling));
                beyondHalf |= waited.compareTo(Duration.ofSeconds(15)) > 0;
            }
            assertThat(rehearsal.attempts()).isEqualTo(9);
        }
        assertThat(beyondHalf).isTrue();
    }

    @Test
    void waitsWithinTheBoundsThatAreSet() {
        Rehearsal rehearsal = Rehearsal.of(o -> o.backOff(Duration.ofNanos(1), Duration.ofNanos(3)));
        for (int i = 0; i < 100; i++) {
            rehearsal.fails();
            assertThat(rehearsal.waits()).isLessThanOrEqualTo(Duration.ofNanos(3));
        }
    }

    @Test
    void beginsTheBackOffAnewOnlyAfterAStableConnection() {
        for (long seed = 0; seed < 50; seed++) {
            Rehearsal rehearsal = Rehearsal.of(o -> o, seed);
            for (int attempt = 1; attempt <= 8; attempt++) {
                assertThat(rehearsal.reconnecting().state()).isEqualTo(new State.Connecting(attempt));
                FakeConnection flapping = rehearsal.opens(FakeConnection.taking());
                rehearsal.passes(STABLE.minusNanos(1));
                flapping.end(CloseStatus.GOING_AWAY);
                rehearsal.waits();
            }
            FakeConnection stable = rehearsal.opens(FakeConnection.taking());
            rehearsal.passes(STABLE);
            stable.end(CloseStatus.GOING_AWAY);
            assertThat(rehearsal.waits()).isLessThanOrEqualTo(FIRST);
            assertThat(rehearsal.reconnecting().state()).isEqualTo(new State.Connecting(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1011, 1012, 1013, 4001})
    void connectsAgainAfterThePeersClose(int code) {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.opens(FakeConnection.taking()).end(code);
        rehearsal.waits();
        assertThat(rehearsal.attempts()).isEqualTo(2);
    }

    /** The handler's own close, or ours because of what the peer did. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1002, 1008, 1011})
    void connectsAgainAfterACloseOfThisSide(int code) {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.opens(FakeConnection.taking()).end(new Closed(CloseStatus.of(code), true, true));
        rehearsal.waits();
        assertThat(rehearsal.attempts()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 407, 426, 429, 500, 503})
    void connectsAgainAfterARefusalThatIsNoPolicy(int status) {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.isRefused(status, Map.of());
        assertThat(wait(rehearsal)).isLessThanOrEqualTo(FIRST);
        rehearsal.waits();
        assertThat(rehearsal.attempts()).isEqualTo(2);
    }

    @Test
    void addsWhatAServerAsksForUpToTheLongestWait() {
        for (long seed = 0; seed < 20; seed++) {
            Rehearsal rehearsal = Rehearsal.of(o -> o, seed);
            rehearsal.isRefused(503, Map.of("Retry-After", List.of("5")));
            assertThat(rehearsal.waits()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5500));
            rehearsal.isRefused(503, Map.of("Retry-After", List.of("3600")));
            assertThat(rehearsal.waits()).as("spread behind the longest").isBetween(Duration.ofSeconds(30), Duration.ofSeconds(33));
            rehearsal.isRefused(429, Map.of("retry-after", List.of("Tue, 01 Jan 2030 00:00:55 GMT")));
            Duration sinceStart = Duration.ofSeconds(55);
            assertThat(rehearsal.waits()).isBetween(sinceStart.minusMillis(38_500), sinceStart.minusSeconds(33));
        }
    }

    @Test
    void takesMessagesAsSoonAsItSaysThatItIsOpen() {
        CompletableFuture<Reconnecting> self = new CompletableFuture<>();
        Rehearsal rehearsal = Rehearsal.of(o -> o.onReconnecting(state -> {
            if (state instanceof State.Open) {
                assertThat(self.join().trySend(TextMessage.of("hello"))).isTrue();
            }
        }));
        self.complete(rehearsal.reconnecting());
        assertThat(rehearsal.opens(FakeConnection.taking()).taken()).containsExactly("hello");
    }

    @Test
    void takesAConnectorThatThrowsForAFailure() {
        IllegalStateException broken = new IllegalStateException("no keys");
        Reconnecting reconnecting = new Reconnecting(
                URI.create("ws://example.com/?access_token=secret"),
                () -> {
                    throw broken;
                },
                ReconnectOptions.DEFAULTS,
                new HandMovedClock(1));
        reconnecting.start();
        assertThat(reconnecting.state()).isInstanceOfSatisfying(State.Waiting.class, waiting -> assertThat(waiting.why())
                .hasMessage("cannot connect to ws://example.com/?…: java.lang.IllegalStateException: no keys")
                .hasCause(broken));
    }

    // ---- stopping

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void stopsWhereTheServerRefusesUs(int status) {
        LogLines log = new LogLines();
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.isRefused(status, Map.of("Retry-After", List.of("1")));
        assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.REFUSED);
        assertThat(stopped(rehearsal).why()).containsInstanceOf(UpgradeRefusedException.class);
        assertThat(rehearsal.news()).containsExactly(new State.Connecting(1), stopped(rehearsal));
        rehearsal.passes(LONG);
        assertThat(rehearsal.attempts()).isEqualTo(1);
        assertThat(log.with("reconnects to ws://example.com/feed no more, REFUSED", "with status " + status)).isNotEmpty();
    }

    @Test
    void stopsWhereTheServerClosesWith1008() {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.opens(FakeConnection.taking()).end(CloseStatus.POLICY_VIOLATION);
        assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.REFUSED);
        assertThat(stopped(rehearsal).why()).containsInstanceOf(WebSocketClosedException.class);
        assertThat(rehearsal.hasTimers()).isFalse();
        assertThat(rehearsal.reconnecting().trySend(TextMessage.of("late"))).isFalse();
    }

    @Test
    void stopsAlsoWhereTheApplicationSaysSo() {
        Rehearsal rehearsal = Rehearsal.of(o -> o
                .stopWhen(end -> end instanceof WebSocketClosedException closed && closed.closed().status().code() == 4003)
                .stopWhen(end -> end instanceof UpgradeRefusedException refused && refused.status() == 404));
        rehearsal.opens(FakeConnection.taking()).end(4001);
        rehearsal.waits();
        rehearsal.opens(FakeConnection.taking()).end(4003);
        assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.STOP_WHEN);
        assertThat(stopped(rehearsal).why()).containsInstanceOf(WebSocketClosedException.class);

        Rehearsal stillPolicy = Rehearsal.of(o -> o.stopWhen(end -> false));
        stillPolicy.isRefused(401, Map.of());
        assertThat(stopped(stillPolicy).cause()).isEqualTo(Cause.REFUSED);
    }

    @Test
    void reconnectsWhereTheApplicationFailsToSay() {
        Rehearsal rehearsal = Rehearsal.of(o -> o.stopWhen(end -> {
            throw new IllegalStateException("undecided");
        }));
        rehearsal.fails();
        rehearsal.waits();
        assertThat(rehearsal.attempts()).isEqualTo(2);
    }

    @Test
    void givesUpWhenThereIsNoConnectionForTooLong() {
        Duration patience = Duration.ofSeconds(20);
        for (long seed = 0; seed < 20; seed++) {
            Rehearsal rehearsal = Rehearsal.of(o -> o.giveUpAfter(patience), seed);
            rehearsal.passes(Duration.ofSeconds(19));
            FakeConnection connection = rehearsal.opens(FakeConnection.taking());
            rehearsal.passes(LONG);
            connection.end(CloseStatus.GOING_AWAY);
            Duration missing = rehearsal.waits();
            while (missing.compareTo(patience) < 0) {
                rehearsal.fails();
                missing = missing.plus(rehearsal.waits());
            }
            assertThat(missing).as("one last attempt when the time is over").isEqualTo(patience);
            assertThat(stopped(rehearsal)).isNull();
            rehearsal.fails();
            assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.GAVE_UP);
            assertThat(stopped(rehearsal).why()).containsInstanceOf(ConnectFailedException.class);
        }
    }

    @Test
    void triesOnceWithoutPatience() {
        Rehearsal rehearsal = Rehearsal.of(o -> o.giveUpAfter(Duration.ZERO));
        rehearsal.fails();
        assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.GAVE_UP);
        assertThat(rehearsal.attempts()).isEqualTo(1);
    }

    @Test
    void failsWhatWaitsWhenItStops() {
        Rehearsal rehearsal = Rehearsal.of(o -> o.keepUnsent(10, 100));
        CompletionStage<Void> kept = rehearsal.reconnecting().sendAsync(TextMessage.of("never"));
        rehearsal.isRefused(401, Map.of());
        assertThat(kept.toCompletableFuture()).isCompletedExceptionally();
        assertThat(kept.toCompletableFuture().exceptionNow())
                .hasMessage("not sent: the reconnecting connection to ws://example.com/feed stopped while the message waited")
                .hasCauseInstanceOf(UpgradeRefusedException.class);
    }

    // ---- closing, in each state

    @Test
    void closesDuringAnAttempt() {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.reconnecting().close();
        assertThat(rehearsal.attempt(1)).isCancelled();
        assertThat(rehearsal.news())
                .containsExactly(new State.Connecting(1), new State.Stopped(Cause.CLOSED, Optional.empty()));
        rehearsal.passes(LONG);
        assertThat(rehearsal.attempts()).isEqualTo(1);
        rehearsal.reconnecting().close();
        assertThat(rehearsal.news()).isEmpty();
    }

    @Test
    void closesDuringAWait() {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        rehearsal.fails();
        rehearsal.reconnecting().close();
        assertThat(rehearsal.hasTimers()).isFalse();
        assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.CLOSED);
    }

    @Test
    void closesAnOpenConnectionAndStopsBehindIt() {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        FakeConnection connection = rehearsal.opens(FakeConnection.taking().closingLater());
        rehearsal.reconnecting().close();
        rehearsal.reconnecting().close();
        assertThat(connection.closes()).containsExactly(CloseStatus.of(CloseStatus.NORMAL));
        assertThat(stopped(rehearsal)).isNull();
        assertThat(rehearsal.reconnecting().trySend(TextMessage.of("late"))).isFalse();
        connection.end(CloseStatus.POLICY_VIOLATION); // whatever it says now
        assertThat(stopped(rehearsal)).isEqualTo(new State.Stopped(Cause.CLOSED, Optional.empty()));
        assertThat(rehearsal.hasTimers()).isFalse();
    }

    @Test
    void closesWith1001WithItsClient() {
        Rehearsal rehearsal = Rehearsal.of(o -> o);
        FakeConnection connection = rehearsal.opens(FakeConnection.taking());
        rehearsal.reconnecting().clientCloses();
        assertThat(connection.closes()).containsExactly(CloseStatus.of(CloseStatus.GOING_AWAY, "the client stops"));
        assertThat(stopped(rehearsal)).isEqualTo(new State.Stopped(Cause.CLIENT_CLOSED, Optional.empty()));
    }

    @Test
    void closesFromItsListenerAndFromItsHandler() {
        CompletableFuture<Reconnecting> self = new CompletableFuture<>();
        Rehearsal rehearsal = Rehearsal.of(o -> o.onReconnecting(state -> {
            if (state instanceof State.Open) {
                self.join().close();
            }
        }));
        self.complete(rehearsal.reconnecting());
        FakeConnection connection = rehearsal.opens(FakeConnection.taking());
        assertThat(connection.closes()).hasSize(1);
        assertThat(stopped(rehearsal).cause()).isEqualTo(Cause.CLOSED);
    }

    /** While one thread closes, another brings the connection: it ends, whoever comes first. */
    @Test
    void leavesNothingOpenWhenClosedInTheMomentOfOpening() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 2000; i++) {
                CompletableFuture<Connection> opening = new CompletableFuture<>();
                Reconnecting reconnecting = new Reconnecting(
                        URI.create("ws://example.com/"), () -> opening, ReconnectOptions.DEFAULTS, new HandMovedClock(1));
                reconnecting.start();
                FakeConnection connection = FakeConnection.taking();
                CountDownLatch start = new CountDownLatch(1);
                var closing = threads.submit(() -> {
                    start.await();
                    reconnecting.close();
                    return null;
                });
                var bringing = threads.submit(() -> {
                    start.await();
                    return opening.complete(connection);
                });
                start.countDown();
                closing.get(20, TimeUnit.SECONDS);
                boolean opened = bringing.get(20, TimeUnit.SECONDS);
                assertThat(reconnecting.stopped().toCompletableFuture().get(20, TimeUnit.SECONDS).cause())
                        .isEqualTo(Cause.CLOSED);
                assertThat(opening.isCancelled()).isNotEqualTo(opened);
                if (opened) {
                    connection.closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
                }
            }
        }
    }

    // ---- listeners

    @Test
    void survivesAListenerThatThrows() {
        LogLines log = new LogLines();
        Rehearsal rehearsal = Rehearsal.of(o -> o.onReconnecting(state -> {
            throw new IllegalStateException("deaf");
        }));
        rehearsal.fails();
        rehearsal.waits();
        FakeConnection connection = rehearsal.opens(FakeConnection.taking());
        assertThat(rehearsal.reconnecting().connection()).containsSame(connection);
        assertThat(log.with("the listener of what reconnects to ws://example.com/feed failed, told of Waiting")).isNotEmpty();
    }
}
