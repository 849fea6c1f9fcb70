// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.Transport;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.server.HawserServer;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.RawFrame;
import io.hawser.testkit.RawPeer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers and clients in memory begin and end as those on sockets do. */
@Tag("X4")
class MemoryNetworkTest {
    private static final WebSocketHandler ECHO = WebSocketHandler.each(message -> message);

    @Test
    void cutsConnectionsOffBehindTheGrace() {
        try (HawserTest test = HawserTest.of(ECHO, o -> o.server(s -> s.grace(Duration.ofSeconds(2))))) {
            RawPeer deaf = test.raw("/");
            test.server().close();
            assertThat(test.elapsed()).as("a peer that does not answer the close is waited for").isEqualTo(Duration.ofSeconds(2));
            deaf.expectClose(1001);
        }
    }

    @Test
    void stopsAtOnceWhereAllAnswerTheClose() {
        try (HawserTest test = HawserTest.of(ECHO)) {
            Connection client = test.connect("/", ECHO);
            test.server().close();
            test.server().close();
            assertThat(test.elapsed()).isZero();
            assertThat(test.await(client.closed()).status().code()).isEqualTo(1001);
            assertThatThrownBy(() -> test.client().connect(test.uri("/"), o -> o))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("nobody listens in memory");
        }
    }

    @Test
    void opensNothingForAConnectThatWasCancelled() {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        CompletableFuture<Closed> end = new CompletableFuture<>();
        WebSocketHandler watched = WebSocketHandler.frames(channel -> {
            channel.closed().thenAccept(end::complete);
            return frame -> {};
        });
        CompletableFuture<Response> later = new CompletableFuture<>();
        try (HawserTest test = HawserTest.of(
                HttpHandler.async(request -> {
                    answer.thenAccept(go -> later.complete(request.upgrade().orElseThrow().accept(watched)));
                    return later;
                }),
                o -> o.holdForPromises(false))) {
            CompletableFuture<WebSocket> opening = test.client().connectAsync(test.uri("/"), o -> o);
            test.settle();
            opening.cancel(false);
            answer.complete(Response.of(204));
            test.settle();
            assertThat(end).isNotDone();
        }
    }

    /** A peer that goes on sending behind our close is not listened to for ever. */
    @Test
    void discardsABoundedInputBehindItsClose() {
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(socket -> socket.close(4000, "enough")))) {
            RawPeer flooding = test.raw("/");
            flooding.expectClose(4000);
            flooding.send(RawFrame.close(4000, "")).expectEnd();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            flooding.send(new byte[64 << 10]);
                            test.settle();
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void refusesWhatNeedsSockets() {
        try (HawserTest test = HawserTest.of(ECHO)) {
            assertThat(test.client().transport()).isEqualTo(Transport.MEMORY);
            assertThatThrownBy(() -> test.client().connect("wss://127.0.0.1:8080/"))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("there is no TLS in memory");
            assertThatThrownBy(() -> HawserServer.start(o -> o.loops(test.server().loops()), HttpHandler.webSocket(ECHO)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("is listened on in memory already");
            assertThatThrownBy(() -> HawserClient.create(o -> o.transport(Transport.MEMORY)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("drives no sockets");
        }
        assertThatThrownBy(() -> HawserTest.of(ECHO, o -> o.server(s -> s.tls(t -> t))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
