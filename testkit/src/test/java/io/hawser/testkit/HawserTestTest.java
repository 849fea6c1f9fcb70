// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client of a test, whose thread blocks in it while all else runs. */
class HawserTestTest {
    enum Face {
        EACH,
        EACH_ASYNC,
        STREAMS,
        DIRECT,
        FRAMES;

        WebSocketHandler handler() {
            return switch (this) {
                case EACH -> WebSocketHandler.each(message -> message);
                case EACH_ASYNC -> WebSocketHandler.eachAsync(CompletableFuture::completedFuture, 3);
                case STREAMS -> WebSocketHandler.streams(in -> in);
                case DIRECT -> WebSocketHandler.direct(socket -> {
                    for (Message message : socket) {
                        socket.send(message);
                    }
                });
                case FRAMES -> WebSocketHandler.frames(channel -> frame -> {
                    if (!frame.opcode().isControl()) {
                        channel.send(frame);
                    }
                });
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("X4")
    void talksInEachFace(Face face) {
        try (HawserTest test = HawserTest.of(face.handler());
                WebSocket socket = test.client().connect(test.uri("/"), o -> o)) {
            socket.send("Ahoy");
            assertThat(socket.receive().text()).isEqualTo("Ahoy");
            byte[] large = new byte[1 << 20];
            large[77] = 7;
            socket.send(large);
            assertThat(socket.receive().data().get(77)).isEqualTo((byte) 7);
            assertThat(socket.receive(Duration.ofMinutes(1))).isEmpty();
            assertThat(test.elapsed()).isEqualTo(Duration.ofMinutes(1));
            Closed how = socket.close(4001, "done");
            assertThat(how.status().code()).isEqualTo(4001);
            assertThat(how.clean()).isTrue();
        }
    }

    @Test
    @Tag("X4")
    void letsAThousandMinutesOfKeepAlivePass() {
        try (HawserTest test = HawserTest.of(Face.DIRECT.handler());
                WebSocket socket = test.client().connect(test.uri("/"), o -> o)) {
            test.advance(Duration.ofMinutes(1000));
            socket.send("still there");
            assertThat(socket.receive().text()).isEqualTo("still there");
        }
    }

    @Test
    void endsWhatIsOpenWhenItIsClosed() {
        WebSocket socket;
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (HawserTest test = HawserTest.of(WebSocketHandler.direct(peer -> {
            try {
                peer.receive();
            } catch (WebSocketClosedException e) {
                seen.complete(e);
            }
        }))) {
            socket = test.client().connect(test.uri("/"), o -> o);
        }
        assertThat(seen).isCompleted();
        assertThatThrownBy(() -> socket.send("too late")).isInstanceOf(WebSocketClosedException.class);
    }
}
