// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hawser.Attribute;
import io.hawser.Connection;
import io.hawser.ConnectionGroup;
import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chat room over real sockets, on several loops: who says something is told to the server by the request. */
@Timeout(60)
class ChatTest {
    private static final Attribute<String> NAME = Attribute.of("name");
    private static final int GUESTS = 12;

    private final ConnectionGroup room = ConnectionGroup.closingSlow();
    private final HawserServer server =
            HawserServer.start(o -> Encryption.of(o).port(0).loops(3).grace(Duration.ZERO), new Doorkeeper(room));

    /** Lets in who has a name. */
    private record Doorkeeper(ConnectionGroup room) implements HttpHandler {
        @Override
        public Response handle(Request request) {
            String name = request.headers().firstValue("X-Name").orElse("");
            if (name.isEmpty()) {
                return Response.of(401);
            }
            Request known = request.with(NAME, name);
            return known.upgrade().orElseThrow().accept(chat(request.path()));
        }

        private WebSocketHandler chat(String path) {
            return path.equals("/frames")
                    ? WebSocketHandler.frames(channel -> {
                        room.add(channel);
                        return frame -> say(channel, frame.text());
                    })
                    : WebSocketHandler.direct(socket -> {
                        room.add(socket);
                        socket.forEach(message -> say(socket, message.text()));
                    });
        }

        private void say(Connection from, String what) {
            room.send(TextMessage.of(from.get(NAME).orElseThrow() + ": " + what));
        }
    }

    /** The face that the room is written in. */
    enum WrittenIn {
        FRAMES,
        DIRECT
    }

    private final List<RawClient> guests = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (RawClient guest : guests) {
            guest.close();
        }
        server.close();
        assertThat(room.size()).as("all have left").isZero();
    }

    private RawClient enter(String path, String name) throws IOException {
        RawClient client = RawClient.connect(server.port());
        guests.add(client);
        client.send(RawClient.upgrade(path, "X-Name: " + name));
        client.expectSwitched();
        return client;
    }

    private void awaitSize(int size) {
        await().atMost(Duration.ofSeconds(20)).until(() -> room.size() == size);
    }

    @ParameterizedTest
    @EnumSource
    void tellsEverybodyWhatAnybodySays(WrittenIn face) throws IOException {
        String path = face == WrittenIn.FRAMES ? "/frames" : "/direct";
        for (int i = 0; i < GUESTS; i++) {
            enter(path, "guest" + i);
        }
        awaitSize(GUESTS);
        int said = 50;
        for (int turn = 0; turn < said; turn++) {
            for (RawClient guest : guests) {
                guest.send(RawFrame.of(RawFrame.TEXT, String.valueOf(turn)));
            }
        }
        for (RawClient guest : guests) {
            Map<String, Integer> heard = new HashMap<>();
            for (int i = 0; i < GUESTS * said; i++) {
                String line = guest.readMessage().text();
                String name = line.substring(0, line.indexOf(':'));
                assertThat(line).isEqualTo(name + ": " + (heard.merge(name, 1, Integer::sum) - 1));
            }
            assertThat(heard).hasSize(GUESTS);
        }
        guests.get(0).close();
        awaitSize(GUESTS - 1);
    }

    @Test
    void keepsNoMemberWhoseSocketIsGone() throws Exception {
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            RawClient guest = enter("/frames", "guest" + i);
            if (i % 2 == 0) {
                guest.reset();
            } else {
                guest.close();
            }
            senders.add(CompletableFuture.runAsync(() -> room.send(TextMessage.of("hello"))));
        }
        senders.forEach(CompletableFuture::join);
        awaitSize(0);
    }

    @Test
    void closesTheRoom() throws IOException {
        enter("/direct", "a");
        enter("/frames", "b");
        awaitSize(2);
        room.close(CloseStatus.of(4000, "closing time"));
        for (RawClient guest : guests) {
            RawFrame close = guest.read();
            assertThat(close.closeCode()).hasValue(4000);
            guest.send(RawFrame.close(4000));
            guest.expectEnd();
        }
        awaitSize(0);
    }

    @Test
    void letsNobodyInWithoutAName() throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(RawClient.upgrade("/frames"));
            assertThat(client.readResponse().status()).isEqualTo(401);
        }
    }
}
