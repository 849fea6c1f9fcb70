// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocketHandler;
import io.hawser.client.Reconnecting.Cause;
import io.hawser.client.Reconnecting.State;
import io.hawser.testkit.HawserTest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reconnecting to a server in memory: what it does in which time. */
@Tag("U7")
class ReconnectingInMemoryTest {
    /** Above all waits of a test. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static HawserTest test(HttpHandler application) {
        return HawserTest.of(application, o -> o.client(c -> c.backOff(Duration.ofSeconds(1), Duration.ofSeconds(20))));
    }

    private static HawserTest echo() {
        return test(HttpHandler.webSocket(each(message -> message)));
    }

    private static State.Stopped end(Reconnecting reconnecting) {
        CompletableFuture<State.Stopped> stopped = reconnecting.stopped().toCompletableFuture();
        assertThat(stopped).isCompleted();
        return stopped.join();
    }

    @Test
    void opensABlockingHandlerAnewEachTimeItReturns() {
        AtomicInteger opened = new AtomicInteger();
        List<String> heard = new ArrayList<>();
        WebSocketHandler handler = direct(socket -> {
            socket.send("" + opened.incrementAndGet());
            heard.add(socket.receive().text());
        });
        try (HawserTest test = echo()) {
            Reconnecting reconnecting = test.client().reconnecting(test.uri("/"), handler, o -> o);
            test.settle();
            assertThat(heard).as("at once").containsExactly("1");
            test.advance(LONG);
            assertThat(heard).startsWith("1", "2", "3");
            reconnecting.close();
            test.settle();
            assertThat(end(reconnecting).cause()).isEqualTo(Cause.CLOSED);
            int last = heard.size();
            test.advance(LONG);
            assertThat(heard).hasSize(last);
        }
    }

    @Test
    void asksForFreshHeadersAtEachAttemptAndStopsAt401() {
        List<String> tokens = new ArrayList<>();
        HttpHandler app = request -> {
            String token = request.headers().firstValue("Authorization").orElse("none");
            tokens.add(token + ", " + request.headers().firstValue("X-Same").orElse("none"));
            return token.equals("Bearer 3") ? Response.text(401, "no more") : Response.text(503, "busy");
        };
        AtomicInteger asked = new AtomicInteger();
        try (HawserTest test = test(app)) {
            Reconnecting reconnecting = test.client().reconnecting(
                    test.uri("/"),
                    each(message -> message),
                    o -> o.header("X-Same", "x").freshHeaders(() -> Map.of("Authorization", "Bearer " + asked.incrementAndGet())));
            test.advance(LONG);
            State.Stopped end = end(reconnecting);
            assertThat(end.cause()).isEqualTo(Cause.REFUSED);
            assertThat(end.why()).containsInstanceOf(UpgradeRefusedException.class);
            assertThat(tokens).containsExactly("Bearer 1, x", "Bearer 2, x", "Bearer 3, x");
        }
    }

    @Test
    void countsHeadersThatCannotBeHadAsAFailedAttempt() {
        AtomicInteger asked = new AtomicInteger();
        List<State> states = new ArrayList<>();
        Supplier<Map<String, String>> second = () -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("the token server is down");
            }
            return Map.of("Authorization", "x");
        };
        try (HawserTest test = echo()) {
            URI uri = test.uri("/");
            Reconnecting reconnecting = test.client().reconnecting(
                    uri, each(message -> message), o -> o.freshHeaders(second).onReconnecting(states::add));
            test.settle();
            assertThat(states).hasSize(2).first().isEqualTo(new State.Connecting(1));
            assertThat(states.get(1)).isInstanceOfSatisfying(State.Waiting.class, waiting -> assertThat(waiting.why())
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessage("cannot connect to " + uri + ": its fresh headers could not be had: the token server is down"));
            test.advance(((State.Waiting) states.get(1)).time().minusNanos(1));
            assertThat(states).as("the wait is not over").hasSize(2);
            test.advance(Duration.ofNanos(1));
            assertThat(states).hasSize(4).element(2).isEqualTo(new State.Connecting(2));
            assertThat(states.get(3)).isInstanceOf(State.Open.class);
            reconnecting.close();
            test.settle();
            assertThat(end(reconnecting).cause()).isEqualTo(Cause.CLOSED);
        }
    }

    @Test
    void givesUpReconnectingToNobody() {
        Duration patience = Duration.ofMinutes(10);
        try (HawserTest test = echo()) {
            Reconnecting reconnecting = test.client().reconnecting(
                    URI.create("ws://127.0.0.1:1/"), each(message -> message), o -> o.giveUpAfter(patience));
            test.advance(patience.dividedBy(2));
            assertThat(reconnecting.stopped().toCompletableFuture()).isNotDone();
            test.advance(patience.dividedBy(2));
            State.Stopped end = end(reconnecting);
            assertThat(end.cause()).isEqualTo(Cause.GAVE_UP);
            assertThat(end.why()).containsInstanceOf(ConnectFailedException.class);
        }
    }
}
