// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.connection.LogLines;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that really block a loop of a server with two. */
@Timeout(60)
@Tag("hostile-59")
class BlockedLoopTest {
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    private final CountDownLatch gate = new CountDownLatch(1);
    private final HawserServer server = HawserServer.start(o -> Encryption.of(o).port(0).loops(2).grace(Duration.ZERO), HttpHandler.async(request -> {
        if (request.path().equals("/http")) {
            block();
            return CompletableFuture.completedStage(Response.of(204));
        }
        Place place = Place.valueOf(request.path().substring(1));
        return CompletableFuture.completedStage(
                request.upgrade().orElseThrow().accept(place.handler(this)));
    }));

    /** Where a handler blocks. */
    enum Place {
        NOWHERE,
        AT_A_MESSAGE,
        IN_A_STREAM,
        ON_OPEN;

        WebSocketHandler handler(BlockedLoopTest test) {
            return switch (this) {
                case NOWHERE -> WebSocketHandler.each(message -> message);
                case AT_A_MESSAGE -> WebSocketHandler.each(message -> {
                    test.block();
                    return message;
                });
                case IN_A_STREAM -> WebSocketHandler.streams(in -> {
                    test.block();
                    return in;
                });
                case ON_OPEN -> WebSocketHandler.frames(channel -> {
                    test.block();
                    return channel::send;
                });
            };
        }
    }

    private void block() {
        try {
            // Far above what the test takes, so that one that fails ends.
            gate.await(50, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.close();
    }

    private static void echo(RawClient client) throws IOException {
        client.send(RawFrame.of(RawFrame.TEXT, "hello"));
        client.expectEcho(RawFrame.TEXT, HELLO);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOWHERE")
    void isNamedWhileTheOtherLoopGoesOn(Place place) throws IOException {
        LogLines log = new LogLines();
        // Connections take the loops in turn.
        try (RawClient other = RawClient.open(server.port(), "/NOWHERE");
                RawClient blocking = RawClient.connect(server.port())) {
            // All at once, since the response may leave only when the loop goes on.
            blocking.send(RawClient.join(
                    RawClient.upgrade("/" + place), RawFrame.of(RawFrame.TEXT, "hello").masked()));
            awaitWarning(log, "/" + place);
            echo(other);
            gate.countDown();
            blocking.expectSwitched();
            blocking.expectEcho(RawFrame.TEXT, HELLO);
            echo(other);
        }
    }

    @Test
    void isNamedWhereItAnswersRequests() throws IOException {
        LogLines log = new LogLines();
        try (RawClient other = RawClient.open(server.port(), "/NOWHERE");
                RawClient blocking = RawClient.connect(server.port())) {
            blocking.send(RawClient.head("GET /http?secret HTTP/1.1", "Host: a"));
            awaitWarning(log, "/http");
            echo(other);
            gate.countDown();
            assertThat(blocking.readResponse().status()).isEqualTo(204);
        }
    }

    private static void awaitWarning(LogLines log, String path) {
        String[] warning = {"WARN", "the handler of " + path + ", for", "127.0.0.1", "do not block here", "direct(...)"};
        await().atMost(Duration.ofSeconds(20)).until(() -> !log.with(warning).isEmpty());
        await().atMost(Duration.ofSeconds(20)).until(() -> !log.with("at ", "BlockedLoopTest.block").isEmpty());
        assertThat(log.with(warning)).hasSize(1);
    }
}
