// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.pong;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.Closed;
import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EndOfTalks.class)
class FramesFaceTest {
    private final List<String> seen = new ArrayList<>();
    private FrameChannel channel;
    private Consumer<Frame> onFrame = frame -> {};
    private Runnable onClosed = () -> {};

    private Conversation open(UnaryOperator<WebSocketOptions> options) {
        return Conversation.with(
                WebSocketHandler.frames(opened -> {
                    channel = opened;
                    return new FrameHandler() {
                        @Override
                        public void onFrame(Frame frame) {
                            seen.add(frame.opcode() + (frame.fin() ? " " : "... ") + frame.text());
                            onFrame.accept(frame);
                        }

                        @Override
                        public void onClosed(Closed closed) {
                            seen.add("closed " + closed);
                            onClosed.run();
                        }
                    };
                }),
                options);
    }

    private Conversation open() {
        return open(options -> options);
    }

    @Test
    @Tag("F1")
    @Tag("F13")
    void seesFragmentsAsOneFrame() {
        open().says(frame(TEXT, utf8("a")), frame(CONTINUATION, utf8("b")), frame(FIN | CONTINUATION, utf8("c")));
        assertThat(seen).containsExactly("TEXT abc");
    }

    @Test
    @Tag("F1")
    void seesTheKeyThatEachFrameCameMaskedWith() {
        List<OptionalInt> keys = new ArrayList<>();
        onFrame = frame -> keys.add(frame.maskingKey());
        byte[] first = frame(TEXT, new byte[0]);
        first[2] = 1; // of an empty payload, so that any key will do
        open().says(frame(FIN | TEXT, utf8("a")), first, frame(FIN | CONTINUATION, utf8("b")), ping("c"), pong(utf8("d")));
        assertThat(keys).containsOnly(OptionalInt.of(0x12AB7FC4)).hasSize(4);
    }

    @Test
    @Tag("F13")
    void seesFragmentsOneByOneIfItWants() {
        open(o -> o.rawFragments(true))
                .says(frame(TEXT, utf8("a")), frame(CONTINUATION, utf8("b")), frame(FIN | CONTINUATION, utf8("c")));
        assertThat(seen).containsExactly("TEXT... a", "CONTINUATION... b", "CONTINUATION c");
    }

    @Test
    @Tag("K1")
    @Tag("K2")
    void seesPingsAndPongs() {
        Conversation talk = open().says(ping("1"), pong(utf8("unasked")));
        talk.hears(ServerFrame.pong("1")).hearsNothing();
        assertThat(seen).containsExactly("PING 1", "PONG unasked");
    }

    @Test
    @Tag("K1")
    void answersPingsItselfIfItWants() {
        onFrame = frame -> channel.send(Frame.pong(utf8("my own")));
        open(o -> o.autoPong(false)).says(ping("1")).hears(ServerFrame.pong("my own")).hearsNothing();
    }

    @Test
    @Tag("F1")
    void sendsFramesAsTheyAre() {
        Conversation talk = open();
        talk.does(() -> channel.send(Frame.wrap(Opcode.TEXT, false, utf8("a"))));
        talk.does(() -> channel.send(Frame.ping(utf8("between"))));
        talk.does(() -> channel.send(Frame.wrap(Opcode.CONTINUATION, true, utf8("b"))));
        talk.does(() -> channel.send(Frame.of(Opcode.BINARY, true, ByteBuffer.allocate(2)).withRsv(4)));
        talk.hears(
                ServerFrame.of(TEXT, utf8("a")),
                ServerFrame.of(FIN | ClientFrames.PING, utf8("between")),
                ServerFrame.of(FIN | CONTINUATION, utf8("b")),
                ServerFrame.of(FIN | 0x40 | ClientFrames.BINARY, new byte[2]));
    }

    @Test
    void sendsFramesFromAnotherThread() {
        Conversation talk = open();
        Thread sender = Thread.ofVirtual().start(() -> {
            channel.send(Frame.text("a"));
            channel.send(Frame.text("b"));
        });
        talk.hears("a", "b").awaits("the sender ends", () -> !sender.isAlive());
    }

    @Test
    @Tag("M8")
    void deliversNoDataWhilePaused() {
        Conversation talk = open();
        talk.does(channel::pause);
        talk.says(text("a"), text("b"));
        assertThat(seen).isEmpty();
        assertThat(talk.wire.isHolding()).isTrue();
        talk.does(channel::resume);
        talk.loop.run();
        assertThat(seen).containsExactly("TEXT a", "TEXT b");

        onFrame = frame -> channel.pause();
        talk.says(text("c"), text("d"), text("e"));
        assertThat(seen).hasSize(3);
        talk.does(channel::resume);
        assertThat(seen).hasSize(4);
        talk.does(channel::resume);
        assertThat(seen).hasSize(5).last().isEqualTo("TEXT e");
    }

    @Test
    void answersPingsAndClosesWhilePaused() {
        Conversation talk = open();
        talk.does(channel::pause);
        talk.says(ping("1"), text("kept"), close(1000, "")).hears(ServerFrame.pong("1"), ServerFrame.close(1000));
        assertThat(seen).containsExactly("PING 1", "TEXT kept", "closed 1000, by the peer");
    }

    @Test
    void answersAViolationWhenWhatCameBeforeIsDelivered() {
        Conversation talk = open();
        talk.does(channel::pause);
        onFrame = frame -> channel.send(Frame.text("answer"));
        talk.says(text("a"), frame(0x83, new byte[0])).hearsNothing();
        talk.does(channel::resume);
        talk.hears("answer").hearsClose(1002).hearsEnd();
    }

    @Test
    @Tag("F14")
    void isToldOnceOfThePeersClose() {
        Conversation talk = open().says(text("a"), close(4000, "x"), text("late")).hears(ServerFrame.close(4000));
        talk.hangsUp().isOver();
        assertThat(seen).containsExactly("TEXT a", "closed 4000 x, by the peer");
    }

    @Test
    @Tag("F14")
    void isToldOnceOfItsOwnClose() {
        Conversation talk = open();
        talk.does(() -> channel.send(Frame.close(CloseStatus.of(4001, "bye"))));
        talk.does(() -> channel.send(Frame.text("behind")));
        talk.hears(ServerFrame.close(4001, "bye")).says(text("still taken"), close(4001, "")).hearsEnd();
        talk.hangsUp().isOver();
        assertThat(seen).containsExactly("TEXT still taken", "closed 4001 bye, by this side");
    }

    @Test
    @Tag("F14")
    void isToldOnceOfAResetAndOfAnAbort() {
        open().resets().isOver();
        assertThat(seen).singleElement().asString().startsWith("closed 1006").endsWith("by the peer, not clean");
        seen.clear();
        Conversation talk = open();
        talk.does(channel::abort);
        talk.does(channel::abort);
        talk.hearsNothing().isOver();
        assertThat(seen).singleElement().asString().startsWith("closed 1006 aborted by this side");
    }

    @Test
    @Tag("F14")
    void closesWithoutACodeByAnEmptyFrame() {
        Conversation talk = open();
        talk.does(() -> channel.send(Frame.wrap(Opcode.CLOSE, true, new byte[0])));
        talk.hears(ServerFrame.emptyClose()).says(close()).hearsEnd();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1005), true, true));
    }

    @Test
    @Tag("hostile-39")
    void refusesCodesThatAreNeverSent() {
        Conversation talk = open();
        for (int code : new int[] {1005, 1006, 1015}) {
            assertThatThrownBy(() -> channel.closeAsync(CloseStatus.of(code)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(code));
        }
        Frame illegal = Frame.wrap(Opcode.CLOSE, true, new byte[] {3, (byte) 0xED});
        assertThatThrownBy(() -> channel.send(illegal)).isInstanceOf(IllegalArgumentException.class);
        talk.hearsNothing().says(text("still open"));
        assertThat(seen).containsExactly("TEXT still open");
    }

    @Test
    @Tag("hostile-58")
    @Tag("hostile-60")
    @Tag("C5")
    void closesWith1011WhenAFrameIsTooMuch() {
        onFrame = frame -> {
            throw new StackOverflowError("on purpose");
        };
        Conversation talk = open().says(text("a"), text("b")).hears(ServerFrame.close(1011)).hearsEnd();
        assertThat(seen).containsExactly("TEXT a", "closed 1011, by this side, not clean");
        assertThat(talk.closed().local()).isTrue();
    }

    @Test
    @Tag("hostile-58")
    void closesWith1011WhenAPingIsTooMuch() {
        onFrame = frame -> {
            throw new IllegalStateException("on purpose");
        };
        open().says(ping("1")).hears(ServerFrame.pong("1"), ServerFrame.close(1011)).hearsEnd();
    }

    @Test
    @Tag("hostile-58")
    void closesWith1011WhenOpeningFails() {
        Conversation.with(WebSocketHandler.frames(opened -> {
            throw new AssertionError("on purpose");
        })).hears(ServerFrame.close(1011)).hearsEnd().hangsUp().isOver();
    }

    @Test
    @Tag("hostile-58")
    void survivesAHandlerThatThrowsOnTheClose() {
        onClosed = () -> {
            throw new AssertionError("on purpose");
        };
        Conversation talk = open().says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
        assertThat(talk.closed().clean()).isTrue();
        talk.hangsUp().isOver();
        assertThat(seen).hasSize(1);
    }

    @Test
    @Tag("hostile-61")
    void refusesWhatIsSentFromTheEnd() {
        onClosed = () -> {
            channel.send(Frame.text("late"));
            channel.send(Frame.close(CloseStatus.of(1000)));
            seen.add("try " + channel.trySend(TextMessage.of("late")));
            channel.closeAsync(CloseStatus.of(1000)).thenAccept(how -> seen.add("closed as " + how.status()));
            channel.pingAsync().whenComplete((time, failure) -> seen.add(failure.getClass().getSimpleName()));
            channel.resume();
        };
        open().says(close(4000, "")).hears(ServerFrame.close(4000)).hearsEnd().hangsUp().isOver();
        assertThat(seen)
                .containsExactly(
                        "closed 4000, by the peer", "try false", "WebSocketClosedException", "closed as 4000");
    }

    @Test
    void knowsItsRequest() {
        Conversation talk = open();
        assertThat(channel.request().path()).isEqualTo("/talk");
        assertThat(channel.subprotocol()).contains("talk.v1");
        assertThat(channel.remoteAddress()).isEqualTo(talk.wire.remoteAddress());
        assertThat(channel.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    @Tag("K2")
    void measuresRoundTrips() {
        Conversation talk = open();
        List<Duration> times = new ArrayList<>();
        channel.pingAsync().thenAccept(times::add);
        channel.pingAsync().thenAccept(times::add);
        byte[] first = talk.next().bytes();
        byte[] second = talk.next().bytes();
        talk.passes(Duration.ofMillis(5)).says(pong(first)).passes(Duration.ofMillis(8)).says(pong(second));
        assertThat(times).containsExactly(Duration.ofMillis(5), Duration.ofMillis(13));
    }

    @Test
    @Tag("C9")
    void isNotWritableWhileItCloses() {
        Conversation talk = open();
        assertThat(channel.isWritable()).isTrue();
        talk.does(() -> channel.send(Frame.close(CloseStatus.of(4000))));
        assertThat(channel.isWritable()).isFalse();
        assertThat(channel.trySend(TextMessage.of("late"))).isFalse();
        talk.hears(ServerFrame.close(4000));
    }

    @Test
    @Tag("C7")
    @Tag("hostile-39")
    void refusesAnIllegalCloseFrameWhereItIsSent() {
        Conversation talk = open();
        assertThatThrownBy(() -> channel.send(Frame.wrap(Opcode.CLOSE, true, new byte[1])))
                .isInstanceOf(IllegalArgumentException.class);
        talk.hearsNothing();
        talk.does(() -> channel.send(Frame.text("still open")));
        talk.hears("still open");
    }
}
