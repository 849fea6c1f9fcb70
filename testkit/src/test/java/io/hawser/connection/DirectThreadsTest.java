// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.binary;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A direct connection in the hands of plain platform threads. */
@ExtendWith(EndOfTalks.class)
class DirectThreadsTest {
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> notes = new CopyOnWriteArrayList<>();
    /** Hands the connection out and serves until the test lets it. */
    private final Body body = new Body((socket, self) -> gate.await());

    private final Conversation talk = Conversation.opening(WebSocketHandler.direct(body));
    private final WebSocket socket = body.socket(talk);

    @AfterEach
    void end() {
        gate.countDown();
    }

    /** What a thread does with the connection. */
    private interface Steps {
        void run() throws Exception;
    }

    /** A platform thread that notes what its steps throw. */
    private Thread start(Steps steps) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                steps.run();
            } catch (Exception failure) {
                note(failure.getClass().getSimpleName() + ", flag " + Thread.currentThread().isInterrupted());
            }
        });
    }

    private void note(Object what) {
        notes.add(String.valueOf(what));
    }

    private void awaitNotes(String... expected) {
        talk.awaits("these notes", () -> notes.size() >= expected.length);
        assertThat(notes).containsExactly(expected);
    }

    @Test
    void receivesOnOneThread() {
        Thread receiver = start(() -> socket.forEach(message -> note(message.text())));
        talk.loop.awaitParked(receiver);
        talk.says(text("a"), text("b"));
        awaitNotes("a", "b");
        talk.loop.awaitParked(receiver);
        talk.says(text("c"), close(1000, ""));
        awaitNotes("a", "b", "c");
        talk.awaits("the loop over messages ends", () -> !receiver.isAlive());
    }

    @ParameterizedTest
    @EnumSource(names = "PING", mode = EnumSource.Mode.EXCLUDE)
    void refusesASecondReceiverAndServesTheFirst(Waiting second) {
        Thread receiver = start(() -> {
            note(socket.receive().text());
            note(socket.receive().text());
        });
        talk.loop.awaitParked(receiver);
        start(() -> second.on(socket));
        awaitNotes("IllegalStateException, flag false");
        talk.says(text("a"), text("b"));
        awaitNotes("IllegalStateException, flag false", "a", "b");
        talk.awaits("the receiver ends", () -> !receiver.isAlive());
        start(() -> note(socket.receive().text()));
        talk.says(text("c"));
        awaitNotes("IllegalStateException, flag false", "a", "b", "c");
    }

    @Test
    void sendsFromManyThreadsWhileOneReceives() {
        int senders = 8;
        int each = 200;
        Thread receiver = start(() -> note(socket.receive().text()));
        for (int i = 0; i < senders; i++) {
            int number = i;
            start(() -> {
                for (int turn = 0; turn < each; turn++) {
                    socket.send(number + " " + turn);
                }
            });
        }
        Map<String, Integer> heard = new HashMap<>();
        for (int i = 0; i < senders * each; i++) {
            String said = new String(talk.next().bytes(), StandardCharsets.UTF_8);
            int space = said.indexOf(' ');
            String sender = said.substring(0, space);
            assertThat(Integer.parseInt(said.substring(space + 1)))
                    .as("the turn of sender " + sender)
                    .isEqualTo(heard.merge(sender, 1, Integer::sum) - 1);
        }
        assertThat(heard).hasSize(senders);
        talk.hearsNothing().says(text("thanks"));
        awaitNotes("thanks");
        talk.awaits("the receiver ends", () -> !receiver.isAlive());
    }

    @Test
    void makesEverySenderWaitWhileThePeerTakesNothing() {
        talk.wire.acceptNothing();
        Thread[] senders = new Thread[4];
        for (int i = 0; i < senders.length; i++) {
            senders[i] = start(() -> {
                for (int turn = 0; turn < 100; turn++) {
                    socket.send(new byte[1024]);
                }
            });
        }
        for (Thread sender : senders) {
            talk.loop.awaitParked(sender);
        }
        assertThat(talk.connection().output().waitingBytes())
                .as("above the high mark by a message of each sender at the most")
                .isBetween(64L << 10, (64L + 2L * senders.length) << 10);
        talk.wire.acceptAll();
        for (int i = 0; i < 100 * senders.length; i++) {
            talk.hears(ServerFrame.binary(new byte[1024]));
        }
    }

    @Test
    void givesUpWaitingWhenTheTimeIsOver() {
        Thread receiver = start(() -> {
            note(socket.receive(Duration.ZERO));
            note(socket.receive(Duration.ofMillis(50)));
            note(socket.receive().text());
        });
        awaitWaiting(receiver);
        talk.passes(Duration.ofNanos(1)); // as little as can be
        awaitNotes("Optional.empty");
        awaitWaiting(receiver);
        talk.passes(Duration.ofMillis(49));
        assertThat(notes).hasSize(1);
        talk.passes(Duration.ofMillis(1));
        awaitNotes("Optional.empty", "Optional.empty");
        talk.says(text("late"));
        awaitNotes("Optional.empty", "Optional.empty", "late");
    }

    /** A call that waits. */
    enum Waiting {
        RECEIVE,
        RECEIVE_FOR_A_WHILE,
        ITERATION,
        PING;

        /** What the call gives. */
        Object on(WebSocket socket) {
            return switch (this) {
                case RECEIVE -> socket.receive();
                case RECEIVE_FOR_A_WHILE -> socket.receive(Duration.ofSeconds(9));
                case ITERATION -> socket.iterator().hasNext();
                case PING -> socket.ping();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void staysUsableWhenAnInterruptEndsAWait(Waiting waiting) {
        Thread waiter = start(() -> note(waiting.on(socket)));
        awaitWaiting(waiter);
        waiter.interrupt();
        awaitNotes(WaitInterruptedException.class.getSimpleName() + ", flag true");
        if (waiting == Waiting.PING) {
            assertThat(talk.next().opcode()).isEqualTo(ClientFrames.PING);
        }
        start(() -> {
            socket.send("usable");
            note(socket.receive().text());
        });
        talk.hears("usable").says(text("still"));
        awaitNotes(WaitInterruptedException.class.getSimpleName() + ", flag true", "still");
    }

    private void awaitWaiting(Thread waiter) {
        talk.awaits(waiter + " waits", () -> waiter.getState() == Thread.State.WAITING
                || waiter.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void goesOnClosingWhenAnInterruptEndsTheWaitForThePeer() {
        Thread closer = start(() -> {
            socket.close();
            note("closed, flag " + Thread.currentThread().isInterrupted());
        });
        talk.hears(ServerFrame.close(1000));
        awaitWaiting(closer);
        closer.interrupt();
        awaitNotes("closed, flag true");
        assertThat(talk.isClosed()).isFalse();
        talk.says(close(1000, "")).hearsEnd();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1000), true, true));
    }

    @Test
    void throwsFromACloseWithACodeThatIsInterrupted() {
        Thread closer = start(() -> socket.close(4000, "enough"));
        talk.hears(ServerFrame.close(4000, "enough"));
        awaitWaiting(closer);
        closer.interrupt();
        awaitNotes(WaitInterruptedException.class.getSimpleName() + ", flag true");
        talk.says(close(4000, "")).hearsEnd();
    }

    @Test
    void closesHoweverTheConnectionHasEnded() {
        talk.resets();
        start(() -> {
            socket.close();
            socket.close();
            note(socket.close(4000, "too late").status().code());
        });
        awaitNotes("1006");
    }

    @Test
    void endsTheIterationOnACloseOfOurs() {
        Thread receiver = start(() -> {
            for (Message message : socket) {
                note(message.text());
            }
            note("the end");
        });
        talk.says(text("a"));
        talk.loop.awaitParked(receiver);
        start(() -> socket.close(4000, "enough"));
        talk.hears(ServerFrame.close(4000, "enough")).says(close(4000, ""));
        talk.awaits("the iteration ends", () -> !receiver.isAlive());
        assertThat(notes).endsWith("the end");
    }

    @Test
    void tellsAllThatWaitOfTheEnd() {
        talk.wire.acceptNothing();
        Thread receiver = start(socket::receive);
        Thread sender = start(() -> {
            socket.send(new byte[100 << 10]);
            socket.send("never sent");
        });
        Thread pinger = start(socket::ping);
        talk.loop.awaitParked(receiver);
        talk.loop.awaitParked(sender);
        awaitWaiting(pinger);
        talk.resets();
        awaitNotes(
                "WebSocketClosedException, flag false",
                "WebSocketClosedException, flag false",
                "WebSocketClosedException, flag false");
    }

    @Test
    void refusesToBlockTheLoopInWhateverCall() {
        talk.does(() -> {
            assertThatThrownBy(() -> socket.close(1000, "")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.send(new byte[1])).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.send(new ByteArrayInputStream(new byte[1])))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.send(new StringReader("a"))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.iterator().next()).isInstanceOf(IllegalStateException.class);
        });
        talk.hearsNothing().says(binary(new byte[1]));
        assertThat(talk.isClosed()).isFalse();
    }
}
