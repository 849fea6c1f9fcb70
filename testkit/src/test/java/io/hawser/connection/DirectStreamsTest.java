// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.hawser.BinaryMessage;
import io.hawser.Closed;
import io.hawser.KeepAlive;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WaitInterruptedException;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.CloseStatus;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams and readers in the direct face, and the end of a handler while they last. */
@ExtendWith(EndOfTalks.class)
class DirectStreamsTest {
    private static final ServerFrame LAST =
            ServerFrame.of(ClientFrames.FIN | ClientFrames.CONTINUATION, new byte[0]);

    private Body body;
    private volatile Flow.Subscriber<? super String> first;

    private Conversation open(Body.Steps steps) {
        return open(steps, options -> options);
    }

    private Conversation open(Body.Steps steps, UnaryOperator<WebSocketOptions> options) {
        body = new Body(steps);
        return Conversation.with(WebSocketHandler.direct(body), options);
    }

    @Test
    @Tag("C9")
    void isNoFailureOfAHandlerThatSendsWhileWeClose() {
        Conversation talk = open((socket, self) -> {
            while (true) {
                socket.send("tick");
                self.note(socket.receive().text());
            }
        });
        talk.hears("tick");
        body.parked(talk);
        talk.connection().close(CloseStatus.of(CloseStatus.GOING_AWAY));
        talk.says(text("tock")).hears(ServerFrame.close(1001));
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class);
        talk.says(close(1001, ""));
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1001), true, true));
    }

    @Test
    @Tag("M4")
    void sendsWhatAStreamAndAReaderHave() {
        Conversation talk = open((socket, self) -> {
            socket.send(new ByteArrayInputStream(utf8("bytes")));
            socket.send(new StringReader("t\ud83d\ude00"));
            socket.send("done");
        });
        talk.hears(ServerFrame.of(ClientFrames.BINARY, utf8("bytes")), LAST);
        talk.hears(ServerFrame.of(ClientFrames.TEXT, utf8("t\ud83d\ude00")), LAST);
        talk.hears("done");
    }

    @Test
    void failsWithAStreamThatFails() throws IOException {
        InputStream broken = InputStream.nullInputStream();
        broken.close();
        Conversation talk = open((socket, self) -> socket.send(broken));
        talk.hears(ServerFrame.close(1011));
        assertThat(body.ended(talk)).isInstanceOf(IOException.class);
    }

    @Test
    @Tag("M1")
    void readsStreamedMessagesWithBlockingCalls() {
        Conversation talk = open(
                (socket, self) -> {
                    for (Message message : socket) {
                        switch (message) {
                            case TextMessage text -> self.note(new BufferedReader(text.reader()).readLine());
                            case BinaryMessage bytes -> self.note(bytes.inputStream().read());
                        }
                    }
                },
                o -> o.messages(MessagePolicy.streamed()));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("on")), ClientFrames.frame(ClientFrames.FIN, utf8("e\nrest")));
        talk.says(ClientFrames.frame(ClientFrames.BINARY, new byte[] {2, 3}), ClientFrames.frame(ClientFrames.FIN, new byte[9]));
        talk.says(text("three"));
        talk.awaits("all is noted", () -> body.notes().size() == 3);
        assertThat(body.notes()).containsExactly("one", "2", "three");
    }

    @Test
    @Tag("M3")
    void waitsForTheTextOfAStreamedMessage() {
        Conversation talk = open(
                (socket, self) -> {
                    socket.send(socket.receive().text());
                    socket.receive().text();
                },
                o -> o.messages(MessagePolicy.streamed()));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("a")), ClientFrames.frame(ClientFrames.FIN, utf8("b")));
        talk.hears("ab");
        talk.says(ClientFrames.binary(new byte[1])).hears(ServerFrame.close(1003));
    }

    @Test
    @Tag("C9")
    void isToldOfTheEndWhenAStreamIsGivenUp() {
        CountDownLatch go = new CountDownLatch(1);
        Conversation talk = open((socket, self) -> {
            self.note("sends");
            socket.send(new InputStream() {
                private int read;

                @Override
                public int read() {
                    return 1;
                }

                @Override
                public int readNBytes(byte[] into, int from, int length) throws IOException {
                    if (read++ > 0) {
                        self.note("reads");
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                    return 1;
                }
            });
        });
        talk.awaits("the source is read", () -> body.notes().contains("reads"));
        talk.connection().close(CloseStatus.of(4000));
        talk.passes(Duration.ofSeconds(3));
        go.countDown();
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void neverBeginsAStreamWhoseSenderWasInterruptedBefore() {
        Conversation talk = open((socket, self) -> {
            socket.sendAsync(TextMessage.streamed(wanted -> {
                wanted.onSubscribe(new Flow.Subscription() {
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {}
                });
                first = wanted;
            }));
            try {
                socket.send(new StringReader("behind"));
            } catch (WaitInterruptedException e) {
                self.note(Thread.interrupted());
            }
            socket.receive();
        });
        talk.awaits("the first is under way", () -> first != null);
        body.parked(talk);
        body.thread(talk).interrupt();
        talk.awaits("the wait has ended", () -> body.notes().contains("true"));
        first.onComplete();
        talk.hears(ServerFrame.of(ClientFrames.FIN | ClientFrames.TEXT, new byte[0])).hearsClose(1011);
    }

    @Test
    @Tag("C9")
    void dropsWhatWasNotReadWhenTheHandlerCloses() {
        Conversation talk = open(
                (socket, self) -> {
                    socket.receive();
                    self.note(socket.close(1003, "binary only").clean());
                },
                o -> o.messages(MessagePolicy.streamed()));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("a")));
        talk.hears(ServerFrame.close(1003, "binary only"));
        talk.says(ClientFrames.frame(ClientFrames.FIN, utf8("b")), close(1003, ""));
        assertThat(talk.closed().clean()).isTrue();
        body.ended(talk);
        assertThat(body.notes()).containsExactly("true");
    }

    @Test
    @Tag("C9")
    void dropsWhatWasNotReadWhenTheHandlerEnds() {
        Conversation talk = open((socket, self) -> socket.receive(), o -> o.messages(MessagePolicy.streamed()));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("a")));
        talk.hears(ServerFrame.close(1000));
        talk.says(ClientFrames.frame(ClientFrames.FIN, utf8("b")), close(1000, ""));
        assertThat(talk.closed().clean()).isTrue();
    }

    @Test
    @Tag("M7")
    void givesAHandlerTimeToReadFromWhenItHasReceivedTheMessage() {
        CountDownLatch go = new CountDownLatch(1);
        Conversation talk = open(
                (socket, self) -> {
                    self.note("works");
                    go.await();
                    self.note(socket.receive().text());
                },
                o -> o.messages(MessagePolicy.streamed()).keepAlive(KeepAlive.off()).idleTimeout(Duration.ZERO));
        talk.awaits("the handler works", () -> !body.notes().isEmpty());
        talk.says(text("a")).passes(Duration.ofSeconds(40)).hearsNothing();
        go.countDown();
        talk.hears(ServerFrame.close(1000));
        assertThat(body.notes()).containsExactly("works", "a");
    }

    @Test
    @Tag("M4")
    void sendsTheChunksOfAMessageOnAndReceivesTheNext() {
        Conversation talk = open(
                (socket, self) -> {
                    for (Message message : socket) {
                        socket.send(TextMessage.streamed(((TextMessage) message).chunks()));
                    }
                },
                o -> o.messages(MessagePolicy.streamed()));
        body.parked(talk);
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("a")));
        // The handler sends and waits again before the loop looks at what was sent: it has its turn until it waits.
        talk.loop.runOne();
        talk.says(ClientFrames.frame(ClientFrames.FIN, utf8("b")), text("c"));
        talk.hears(ServerFrame.of(ClientFrames.TEXT, utf8("a")), ServerFrame.of(ClientFrames.CONTINUATION, utf8("b")), LAST);
        talk.hears(ServerFrame.of(ClientFrames.TEXT, utf8("c")), LAST).hearsNothing();
    }

    @Test
    void endsAReadWhenAnotherThreadClosesTheReader() {
        Reader[] reader = new Reader[1];
        Conversation talk = open(
                (socket, self) -> {
                    reader[0] = ((TextMessage) socket.receive()).reader();
                    self.note(reader[0].read());
                    self.note(reader[0].read());
                },
                o -> o.messages(MessagePolicy.streamed()));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("a")));
        talk.awaits("a character was read", () -> body.notes().size() == 1);
        body.parked(talk);
        assertThatNoException().isThrownBy(reader[0]::close);
        talk.awaits("the handler has ended", () -> body.notes().size() == 2);
        assertThat(body.notes()).containsExactly("97", "-1");
    }

    @Test
    @Tag("L1")
    void closesAtOnceOverALimitWhileTheHandlerWaitsForTheRest() {
        Conversation talk = open(
                (socket, self) -> socket.receive().text(), o -> o.messages(MessagePolicy.streamed(3)));
        talk.says(ClientFrames.frame(ClientFrames.TEXT, utf8("ab")));
        body.parked(talk);
        talk.says(ClientFrames.frame(ClientFrames.CONTINUATION, utf8("cd"))).hearsClose(1009);
    }

    @Test
    @Tag("L1")
    void closesOverALimitAsSoonAsTheHandlerBeginsWithTheMessage() {
        CountDownLatch go = new CountDownLatch(1);
        Conversation talk = open(
                (socket, self) -> {
                    self.note("works");
                    go.await();
                    socket.receive().text();
                },
                o -> o.messages(MessagePolicy.streamed(3)));
        talk.awaits("the handler works", () -> !body.notes().isEmpty());
        talk.says(ClientFrames.frame(ClientFrames.TEXT, new byte[0]), ClientFrames.frame(ClientFrames.CONTINUATION, utf8("four")))
                .hearsNothing();
        go.countDown();
        talk.hearsClose(1009);
        assertThat(body.ended(talk)).isInstanceOf(WebSocketClosedException.class);
    }

    /** The most natural echo: each message back as it came, whatever is still to come of it. */
    @Test
    @Tag("M4")
    @Tag("M7")
    void echoesStreamedMessagesInALoop() {
        Conversation talk = Conversation.with(EchoFace.DIRECT.handler(), o -> o.messages(MessagePolicy.streamed()));
        for (int i = 0; i < 20; i++) {
            talk.says(text("message " + i));
        }
        for (int i = 0; i < 20; i++) {
            StringBuilder heard = new StringBuilder();
            ServerFrame frame;
            do {
                frame = talk.next();
                assertThat(frame.opcode()).as(frame::toString).isLessThan(ClientFrames.CLOSE);
                heard.append(UTF_8.decode(frame.payload().duplicate()));
            } while ((frame.first() & ClientFrames.FIN) == 0);
            assertThat(heard).hasToString("message " + i);
        }
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
    }
}
