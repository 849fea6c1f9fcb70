// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.HttpHandler;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.protocol.CloseStatus;
import io.hawser.server.HawserServer;
import java.io.BufferedReader;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chat, with terminals that are queues. */
@Timeout(60)
class TerminalChatTest {
    private static HawserServer server(HttpHandler application) {
        return HawserServer.start(o -> o.port(0), application);
    }

    /** Somebody at a terminal: what is typed there, and what it shows. */
    private static final class Terminal {
        private final LinkedBlockingQueue<Optional<String>> typed = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<String> shown = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> over;

        Terminal(HawserServer room, String name) {
            over = CompletableFuture.runAsync(
                    () -> {
                        try (WebSocket socket = HawserClient.shared().connect("ws://127.0.0.1:" + room.port() + "/")) {
                            TerminalChat.talk(socket, name, keyboard(), shown::add);
                        }
                    },
                    Thread::startVirtualThread);
        }

        private BufferedReader keyboard() {
            return new BufferedReader(Reader.nullReader()) {
                @Override
                public String readLine() throws InterruptedIOException {
                    try {
                        return typed.take().orElse(null);
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException("nobody types any more");
                    }
                }
            };
        }

        void types(String line) {
            typed.add(Optional.of(line));
        }

        void endsInput() {
            typed.add(Optional.empty());
        }

        String shows() throws InterruptedException {
            String line = shown.poll(30, TimeUnit.SECONDS);
            return line == null ? "nothing" : line;
        }
    }

    @Test
    void givesWhatOneSaysToAll() throws Exception {
        try (HawserServer room = server(TerminalChat.room())) {
            Terminal ann = new Terminal(room, "Ann");
            assertThat(ann.shows()).isEqualTo("* somebody came in, 1 here");
            Terminal ben = new Terminal(room, "Ben");
            for (Terminal each : new Terminal[] {ann, ben}) {
                assertThat(each.shows()).isEqualTo("* somebody came in, 2 here");
            }
            ann.types("ahoy");
            for (Terminal each : new Terminal[] {ann, ben}) {
                assertThat(each.shows()).isEqualTo("Ann: ahoy");
            }
            ben.types("clear the screen: \u001b[2J");
            for (Terminal each : new Terminal[] {ann, ben}) {
                assertThat(each.shows()).isEqualTo("Ben: clear the screen: ?[2J");
            }
            ann.endsInput();
            assertThat(ann.shows()).isEqualTo("* you left");
            ann.over.get(30, TimeUnit.SECONDS);
            room.close();
            assertThat(ben.shows()).startsWith("* the server goes away (1001");
            ben.over.get(30, TimeUnit.SECONDS);
            ben.endsInput();
        }
    }

    @Test
    void tellsWhatIsNoText() throws Exception {
        try (HawserServer server = server(HttpHandler.webSocket(direct(socket -> {
            socket.send(new byte[3]);
            socket.close(4000, "closing time");
        })))) {
            Terminal ann = new Terminal(server, "Ann");
            assertThat(ann.shows()).isEqualTo("* 3 bytes, which are no text");
            assertThat(ann.shows()).isEqualTo("* the server closed (4000, closing time)");
            ann.endsInput();
        }
    }

    @Test
    void saysInWordsHowItEnded() {
        assertThat(words(CloseStatus.of(CloseStatus.NORMAL))).isEqualTo("* the server closed the room (1000)");
        assertThat(words(CloseStatus.of(CloseStatus.GOING_AWAY, "restarting"))).isEqualTo("* the server goes away (1001, restarting)");
        assertThat(words(CloseStatus.of(CloseStatus.NO_STATUS))).isEqualTo("* the server closed and did not say why (1005)");
        assertThat(words(CloseStatus.of(CloseStatus.ABNORMAL))).isEqualTo("* the connection was cut off (1006)");
        assertThat(words(CloseStatus.of(CloseStatus.POLICY_VIOLATION))).isEqualTo("* the server does not want you here (1008)");
        assertThat(words(CloseStatus.of(CloseStatus.INTERNAL_ERROR))).isEqualTo("* the server failed (1011)");
    }

    private static String words(CloseStatus status) {
        return TerminalChat.inWords(new Closed(status, false, true));
    }
}
