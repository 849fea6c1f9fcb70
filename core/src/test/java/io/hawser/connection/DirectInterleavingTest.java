// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.interleaving.Interleavings;
import io.hawser.interleaving.Steps;
import java.util.ArrayList;
import java.util.List;
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

    /** The loop is a thread of its own, on which the peer speaks, too. */
    abstract static class Talk implements Interleavings.Scenario {
        final List<String> notes = new ArrayList<>();

        @Override
        public List<Runnable> threads() {
            return List.of(() -> {
                Conversation talk = Conversation.opening(WebSocketHandler.direct(this::handle));
                speak(talk);
                while (!talk.isClosed()) {
                    Steps.await(talk.loop::hasTasks);
                    talk.loop.run();
                    answer(talk);
                }
            });
        }

        abstract void speak(Conversation talk);

        void answer(Conversation talk) {}

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
        void speak(Conversation talk) {
            talk.says(ClientFrames.text("a"));
            talk.says(ClientFrames.text("b"), ClientFrames.close(1000, ""));
        }

        @Override
        public void verify() {
            assertThat(notes).containsExactly("a", "b", "end");
        }
    }

    static final class Stalling extends Talk {
        private static final byte[] LARGE = new byte[40_000];

        @Override
        void speak(Conversation talk) {
            byte[] large = ClientFrames.binary(LARGE);
            talk.says(large, large, large, ClientFrames.close(1000, ""));
        }

        @Override
        public void verify() {
            assertThat(notes).containsExactly("bytes", "bytes", "bytes", "end");
        }
    }

    static final class Violating extends Talk {
        @Override
        void speak(Conversation talk) {
            talk.says(ClientFrames.text("a"), ClientFrames.frame(ClientFrames.FIN, new byte[0]));
        }

        @Override
        public void verify() {
            assertThat(notes).containsExactly("a", "failed with 1002");
        }
    }

    static final class Sending extends Talk {
        private final List<String> heard = new ArrayList<>();

        @Override
        void speak(Conversation talk) {}

        @Override
        void handle(WebSocket socket) {
            socket.send("a");
            socket.send("b");
        }

        @Override
        void answer(Conversation talk) {
            if (heard.isEmpty() && talk.wire.acceptedBytes() == 3 + 3 + 4) {
                talk.hears("a", "b").hears(ServerFrame.close(1000)).hearsNothing();
                heard.add("all");
                talk.says(ClientFrames.close(1000, ""));
            }
        }

        @Override
        public void verify() {
            assertThat(heard).containsExactly("all");
        }
    }
}
