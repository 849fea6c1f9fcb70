// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.binary;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.pong;
import static io.hawser.connection.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.ProtocolViolation;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EndOfTalks.class)
class DirectFaceTest {
    private static Conversation open(Body body) {
        return Conversation.with(WebSocketHandler.direct(body));
    }

    @Test
    void receivesForAWhileAndLosesNothing() {
        Body body = new Body((socket, self) -> {
            self.note(socket.receive(Duration.ofSeconds(2)).map(Message::text));
            self.note(socket.receive(Duration.ofSeconds(2)).map(Message::text));
            self.note(socket.receive(Duration.ofSeconds(Long.MAX_VALUE)).map(Message::text));
        });
        Conversation talk = open(body);
        body.parked(talk);
        talk.passes(Duration.ofMillis(1999));
        assertThat(body.notes()).isEmpty();
        talk.passes(Duration.ofMillis(1));
        talk.awaits("the time is over", () -> body.notes().size() == 1);
        talk.says(text("a"), text("b")).hears(ServerFrame.close(1000));
        assertThat(body.notes()).containsExactly("Optional.empty", "Optional[a]", "Optional[b]");
        assertThat(body.ended(talk)).isNull();
    }

    @Test
    void tellsTheEndToWhoReceivesForAWhile() {
        Body body = new Body((socket, self) -> socket.receive(Duration.ofSeconds(2)));
        Conversation talk = open(body).says(close(4000, "enough"));
        assertThat(body.ended(talk))
                .isInstanceOfSatisfying(WebSocketClosedException.class, thrown -> assertThat(thrown.closed())
                        .isEqualTo(new Closed(CloseStatus.of(4000, "enough"), false, true)));
    }

    @Test
    void looksAheadWithoutTaking() {
        Body body = new Body((socket, self) -> {
            Iterator<Message> messages = socket.iterator();
            self.note(messages.hasNext());
            self.note(socket.receive().text());
            self.note(messages.next().text());
            for (Message message : socket) {
                self.note(message.text());
                break;
            }
            self.note(socket.receive().text());
        });
        Conversation talk = open(body).says(text("a"), text("b"), text("c"), text("d"));
        assertThat(body.ended(talk)).isNull();
        assertThat(body.notes()).containsExactly("true", "a", "b", "c", "d");
    }

    @Test
    @Tag("C1")
    void endsTheLoopOnAnOrdinaryEnd() {
        for (byte[] end : new byte[][] {close(), close(1000, ""), close(1001, "")}) {
            Body body = new Body((socket, self) -> {
                for (Message message : socket) {
                    self.note(message.text());
                }
            });
            Conversation talk = open(body).says(text("a"), end);
            assertThat(body.ended(talk)).isNull();
            assertThat(body.notes()).containsExactly("a");
        }
    }

    @Test
    @Tag("C2")
    @Tag("C8")
    void throwsOutOfTheLoopOnAnyOtherEnd() {
        Body told = new Body((socket, self) -> socket.forEach(self::note));
        Conversation talk = open(told).says(close(4000, ""));
        assertThat(told.ended(talk)).isInstanceOf(WebSocketClosedException.class);
        assertThat(talk.hears(ServerFrame.close(4000)).closed().clean()).isTrue();

        Body cutOff = new Body((socket, self) -> socket.forEach(self::note));
        Conversation other = open(cutOff).hangsUp();
        assertThat(cutOff.ended(other)).hasMessageContaining("1006");
    }

    @Test
    void receiveThrowsOnAnOrdinaryEndToo() {
        Body body = new Body((socket, self) -> socket.receive());
        Conversation talk = open(body).says(close(1000, ""));
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class).hasMessageContaining("1000");
    }

    @Test
    @Tag("hostile-33")
    void answersAViolationWhenTheHandlerHasCaughtUp() {
        CountDownLatch gate = new CountDownLatch(1);
        Body body = new Body((socket, self) -> {
            String question = socket.receive().text();
            self.note(question);
            gate.await();
            socket.send("answer to " + question);
            socket.receive();
        });
        Conversation talk = open(body).says(text("a"));
        talk.awaits("the question arrives", () -> body.notes().size() == 1);
        talk.says(frame(FIN | CONTINUATION, new byte[0])).hearsNothing();
        gate.countDown();
        talk.hears("answer to a").hearsClose(1002).hearsEnd();
        assertThat(body.ended(talk))
                .isInstanceOf(WebSocketClosedException.class)
                .hasCauseInstanceOf(ProtocolViolation.class);
    }

    @Test
    @Tag("hostile-33")
    void answersAViolationBehindWhatTheHandlerHasSentAlready() {
        Body body = new Body((socket, self) -> socket.forEach(socket::send));
        Conversation talk = open(body);
        body.parked(talk);
        talk.saysOnly(text("a"));
        talk.loop.awaitNext("the answer waits", () -> talk.connection().output().waitingBytes() > 0);
        // The answer was posted, and the loop has not taken it.
        talk.says(frame(FIN | CONTINUATION, new byte[0])).hears("a").hearsClose(1002).hearsEnd();
    }

    @Test
    @Tag("hostile-33")
    void answersAViolationInTheEndThoughTheHandlerNeverCatchesUp() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        Body body = new Body((socket, self) -> {
            socket.receive();
            self.note("received");
            gate.await();
        });
        Conversation talk = open(body).says(text("a"), frame(FIN | CONTINUATION, new byte[0]));
        talk.awaits("the handler is busy", () -> body.notes().size() == 1);
        talk.passes(Duration.ofMillis(2999)).hearsNothing();
        talk.passes(Duration.ofMillis(1)).hearsClose(1002).hearsEnd();
        gate.countDown();
        assertThat(body.ended(talk)).isNull();
    }

    @Test
    void staysUsableAfterAnInterrupt() {
        Body body = new Body((socket, self) -> {
            try {
                socket.receive();
            } catch (WaitInterruptedException e) {
                self.note("interrupted, flag " + Thread.interrupted());
            }
            socket.send("still here");
            self.note(socket.receive().text());
        });
        Conversation talk = open(body);
        body.parked(talk).thread(talk).interrupt();
        talk.hears("still here").says(text("fine")).hears(ServerFrame.close(1000));
        assertThat(body.notes()).containsExactly("interrupted, flag true", "fine");
    }

    @Test
    @Tag("L2")
    @Tag("M8")
    void waitsWhileThePeerTakesNothing() {
        byte[] kib = new byte[1024];
        Body body = new Body((socket, self) -> {
            for (int i = 0; i < 200; i++) {
                socket.send(kib);
            }
            self.note("all sent");
        });
        Conversation talk = Conversation.opening(WebSocketHandler.direct(body));
        talk.wire.acceptNothing();
        body.parked(talk);
        long waiting = talk.connection().output().waitingBytes();
        assertThat(waiting).as("above the high mark by one message at the most").isBetween(64L << 10, 66L << 10);
        talk.wire.accept(16 << 10);
        talk.loop.run();
        assertThat(body.notes()).as("the low mark is not reached").isEmpty();
        talk.wire.acceptAll();
        for (int i = 0; i < 200; i++) {
            talk.hears(ServerFrame.binary(kib));
        }
        talk.hears(ServerFrame.close(1000));
    }

    @Test
    void staysUsableAfterAnInterruptWhileItSends() {
        byte[] large = new byte[100 << 10];
        Body body = new Body((socket, self) -> {
            socket.send(large);
            try {
                socket.send("never sent");
            } catch (WaitInterruptedException e) {
                self.note("flag " + Thread.interrupted());
            }
            self.note(socket.receive().text());
            socket.send("sent");
        });
        Conversation talk = Conversation.opening(WebSocketHandler.direct(body));
        talk.wire.acceptNothing();
        body.parked(talk).thread(talk).interrupt();
        talk.awaits("the interrupt", () -> body.notes().size() == 1);
        talk.wire.acceptAll();
        talk.says(text("go on")).hears(ServerFrame.binary(large)).hears("sent").hears(ServerFrame.close(1000));
        assertThat(body.notes()).containsExactly("flag true", "go on");
    }

    @Test
    void tellsASenderThatWaitsOfTheEnd() {
        Body body = new Body((socket, self) -> {
            socket.send(new byte[100 << 10]);
            socket.send("never sent");
        });
        Conversation talk = Conversation.opening(WebSocketHandler.direct(body));
        talk.wire.acceptNothing();
        body.parked(talk);
        talk.resets();
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    @Tag("M8")
    @Tag("hostile-54")
    void holdsReadingWhileTheHandlerIsBusy() {
        CountDownLatch gate = new CountDownLatch(1);
        Body body = new Body((socket, self) -> {
            gate.await();
            for (int i = 0; i < 500; i++) {
                self.note(socket.receive().data().remaining());
            }
        });
        byte[] kib = new byte[1024];
        Conversation talk = open(body);
        for (int i = 0; i < 500; i++) {
            talk.saysOnly(binary(kib));
        }
        talk.loop.run();
        assertThat(talk.wire.isHolding()).isTrue();
        assertThat(talk.wire.unreadBytes()).isGreaterThan(400 << 10);
        gate.countDown();
        talk.hears(ServerFrame.close(1000));
        assertThat(body.notes()).hasSize(500).containsOnly("1024");
    }

    @Test
    void refusesToBlockTheLoop() {
        Body body = new Body((socket, self) -> socket.forEach(self::note));
        Conversation talk = open(body);
        WebSocket socket = body.socket(talk);
        talk.does(() -> {
            assertThatThrownBy(socket::receive).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.receive(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.send("a")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(socket::ping).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(socket::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> socket.iterator().hasNext()).isInstanceOf(IllegalStateException.class);
        });
        talk.hearsNothing().resets();
    }

    @Test
    @Tag("K2")
    void measuresTheRoundTrip() {
        Body body = new Body((socket, self) -> self.note(socket.ping().toMillis()));
        Conversation talk = open(body);
        byte[] payload = talk.next().bytes();
        talk.passes(Duration.ofMillis(37)).says(pong(payload)).hears(ServerFrame.close(1000));
        assertThat(body.notes()).containsExactly("37");
    }

    @Test
    @Tag("C9")
    void closesAndTellsHowThatWent() {
        Body body = new Body((socket, self) -> {
            self.note(socket.close(4001, "token expired"));
            self.note(socket.close(1000, ""));
            socket.close();
        });
        Conversation talk = open(body).hears(ServerFrame.close(4001, "token expired"));
        talk.says(text("dropped"), close(4001, ""));
        assertThat(body.ended(talk)).isNull();
        assertThat(body.notes())
                .containsExactly("4001 token expired, by this side", "4001 token expired, by this side");
    }

    @Test
    @Tag("hostile-41")
    void givesUpOnAPeerThatDoesNotAnswerItsClose() {
        Body body = new Body((socket, self) -> {
            self.note(socket.close(1000, ""));
            self.note(Thread.currentThread().isInterrupted());
        });
        Conversation talk = open(body).hears(ServerFrame.close(1000));
        body.parked(talk);
        talk.passes(Duration.ofSeconds(3));
        assertThat(body.ended(talk)).isNull();
        assertThat(body.notes()).containsExactly("1000, by this side, not clean", "false");
        talk.isOver();
    }

    @Test
    void refusesToSendBehindItsOwnClose() {
        Body body = new Body((socket, self) -> {
            socket.closeAsync(CloseStatus.of(1000));
            self.note(socket.trySend(TextMessage.of("a")));
            socket.send("b");
        });
        Conversation talk = open(body).hears(ServerFrame.close(1000));
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class);
        assertThat(body.notes()).containsExactly("false");
    }

    @Test
    void abortsWithoutAnInterruptOfItsOwn() {
        Body body = new Body((socket, self) -> {
            socket.abort();
            self.note(Thread.currentThread().isInterrupted());
            socket.receive();
        });
        Conversation talk = open(body);
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class);
        assertThat(body.notes()).containsExactly("false");
        talk.hearsNothing().isOver();
    }

    @Test
    void interruptsAHandlerWhoseServerHasLostPatience() {
        Body body = new Body((socket, self) -> new CountDownLatch(1).await());
        Conversation talk = open(body);
        body.thread(talk);
        talk.connection().abort("the server stopped");
        assertThat(body.ended(talk)).isInstanceOf(InterruptedException.class);
        talk.isOver();
    }

    @Test
    void dropsWhatComesWhenTheHandlerHasEnded() {
        Body body = new Body((socket, self) -> {});
        Conversation talk = open(body).hears(ServerFrame.close(1000));
        for (int i = 0; i < 300; i++) {
            talk.says(binary(new byte[1024]));
        }
        talk.says(close(1000, "")).hearsEnd();
        assertThat(talk.closed().clean()).isTrue();
    }
}
