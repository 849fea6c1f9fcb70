// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.http.KnownRequest;
import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A direct handler's thread and the loop: the inbox between them, and the way back by mailbox and backlog. The clock stands still. */
@Timeout(120)
class DirectInterleavingTest {
    private static final Class<?>[] STEPPED = {DirectFace.class, Inbox.class, Mailbox.class, Backlog.class};

    @Test
    void deliversAllAndTellsTheEnd() throws Exception {
        assertThat(Interleavings.explore(Receiving.class, 3, STEPPED)).isGreaterThan(100);
    }

    @Test
    void readsOnWhenAFullInboxIsEmptied() throws Exception {
        assertThat(Interleavings.explore(Stalling.class, 3, STEPPED)).isGreaterThan(100);
    }

    @Test
    void actsUponAViolationWhenTheHandlerHasCaughtUp() throws Exception {
        assertThat(Interleavings.explore(Violating.class, 3, STEPPED)).isGreaterThan(100);
    }

    @Test
    void sendsAllBeforeTheCloseOfAHandlerThatReturns() throws Exception {
        assertThat(Interleavings.explore(Sending.class, 3, STEPPED)).isGreaterThan(100);
    }

    /** A connection on the calling thread as its loop, and what its peer says and hears. */
    static final class Peer {
        final PlainWire wire = new PlainWire();
        private final LiveConnection connection;

        Peer(WebSocketHandler handler) {
            Request request = KnownRequest.of(
                    "GET",
                    "/talk",
                    HttpHeaders.of(
                            Map.of(
                                    "Host", List.of("here.example"),
                                    "Upgrade", List.of("websocket"),
                                    "Connection", List.of("Upgrade"),
                                    "Sec-WebSocket-Version", List.of("13"),
                                    "Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ==")),
                            (name, value) -> true),
                    wire.remoteAddress());
            Response response = request.upgrade().orElseThrow().accept(handler);
            connection = LiveConnection.open(
                    wire, Opening.ofServer(response.accepted().orElseThrow(), response, handler, WebSocketOptions.defaults()));
        }

        void says(byte[]... frames) {
            wire.receive(ClientFrames.joined(frames));
            wire.run();
        }

        /** All that came so far is this. */
        void hears(ServerFrame... expected) {
            ByteBuffer bytes = wire.accepted();
            for (ServerFrame frame : expected) {
                assertThat(ServerFrame.read(bytes)).contains(frame);
            }
            assertThat(bytes.hasRemaining()).isFalse();
        }

        boolean isClosed() {
            return connection.ending() != null;
        }
    }

    /** The loop is a thread of its own, on which the peer speaks, too. */
    abstract static class Talk implements Interleavings.Scenario {
        final List<String> notes = new ArrayList<>();

        @Override
        public List<Runnable> threads() {
            return List.of(() -> {
                Peer peer = new Peer(WebSocketHandler.direct(this::handle));
                speak(peer);
                while (!peer.isClosed()) {
                    Steps.await(peer.wire::hasTasks);
                    peer.wire.run();
                    answer(peer);
                }
            });
        }

        abstract void speak(Peer peer);

        void answer(Peer peer) {}

        void handle(WebSocket socket) {
            try {
                for (Message message : socket) {
                    notes.add(switch (message) {
                        case TextMessage text -> text.text();
                        case BinaryMessage binary -> "bytes";
                    });
                }
                notes.add("end");
            } catch (WebSocketClosedException e) {
                notes.add("failed with " + e.closed().status().code());
            }
        }
    }

    static final class Receiving extends Talk {
        @Override
        void speak(Peer peer) {
            peer.says(ClientFrames.text("a"));
            peer.says(ClientFrames.text("b"), ClientFrames.close(1000, ""));
        }

        @Override
        public void verify() {
            assertThat(notes).containsExactly("a", "b", "end");
        }
    }

    static final class Stalling extends Talk {
        private static final byte[] LARGE = new byte[40_000];

        @Override
        void speak(Peer peer) {
            byte[] large = ClientFrames.binary(LARGE);
            peer.says(large, large, large, ClientFrames.close(1000, ""));
        }

        @Override
        public void verify() {
            assertThat(notes).containsExactly("bytes", "bytes", "bytes", "end");
        }
    }

    static final class Violating extends Talk {
        @Override
        void speak(Peer peer) {
            peer.says(ClientFrames.text("a"), ClientFrames.frame(ClientFrames.FIN, new byte[0]));
        }

        @Override
        public void verify() {
            assertThat(notes).containsExactly("a", "failed with 1002");
        }
    }

    static final class Sending extends Talk {
        private final List<String> heard = new ArrayList<>();

        @Override
        void speak(Peer peer) {}

        @Override
        void handle(WebSocket socket) {
            socket.send("a");
            socket.send("b");
        }

        @Override
        void answer(Peer peer) {
            if (heard.isEmpty() && peer.wire.acceptedBytes() == 3 + 3 + 4) {
                peer.hears(ServerFrame.text("a"), ServerFrame.text("b"), ServerFrame.close(1000));
                heard.add("all");
                peer.says(ClientFrames.close(1000, ""));
            }
        }

        @Override
        public void verify() {
            assertThat(heard).containsExactly("all");
        }
    }
}
