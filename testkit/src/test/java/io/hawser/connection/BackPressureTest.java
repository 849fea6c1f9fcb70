// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.binary;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.BinaryMessage;
import io.hawser.FrameChannel;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is slow stops who is fast, in both directions and in every face. */
@ExtendWith(EndOfTalks.class)
class BackPressureTest {
    private static final byte[] KIB = new byte[1024];
    private static final BinaryMessage KIB_MESSAGE = BinaryMessage.of(KIB);

    @ParameterizedTest
    @EnumSource
    @Tag("M8")
    @Tag("L2")
    void stopsReadingAPeerThatTakesNoAnswers(EchoFace face) {
        Conversation talk = face.open();
        talk.wire.acceptNothing();
        byte[][] frames = new byte[2000][];
        Arrays.fill(frames, binary(KIB));
        talk.says(frames);
        talk.awaits("reading stops", talk.wire::isHolding);
        assertThat(talk.wire.unreadBytes()).isGreaterThan(1000 << 10);

        talk.wire.acceptAll();
        for (int i = 0; i < frames.length; i++) {
            talk.hears(ServerFrame.binary(KIB));
        }
        talk.hearsNothing();
        assertThat(talk.wire.isHolding()).isFalse();
        talk.says(text("still there")).hears("still there");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("L2")
    void goesOnWhenThePeerTakesAnswersInDrops(EchoFace face) {
        Conversation talk = face.open();
        talk.wire.acceptNothing();
        byte[][] frames = new byte[300][];
        Arrays.fill(frames, binary(KIB));
        talk.saysOnly(frames);
        for (int i = 0; i < frames.length; i++) {
            talk.wire.accept(KIB.length + 4);
            talk.hears(ServerFrame.binary(KIB));
        }
        talk.hearsNothing();
    }

    /** Answers that are longer than questions: one read brings more of them than are gathered for one flush. */
    @Test
    @Tag("M8")
    void goesOnAfterAnswersFilledTheBufferOfOneRead() {
        byte[][] questions = new byte[2000][];
        Arrays.fill(questions, text("?"));
        Conversation talk =
                Conversation.with(WebSocketHandler.each(question -> KIB_MESSAGE)).says(questions);
        for (int i = 0; i < questions.length; i++) {
            talk.hears(ServerFrame.binary(KIB));
        }
        talk.hearsNothing();
    }

    @Test
    @Tag("M8")
    void stopsASourceThatThePeerDoesNotFollow() {
        Numbers source = new Numbers(Long.MAX_VALUE, KIB_MESSAGE);
        Conversation talk = Conversation.opening(WebSocketHandler.streams(in -> source));
        talk.wire.acceptNothing();
        talk.loop.run();
        assertThat(source.made()).isBetween(64L, 600L);
        long made = source.made();
        talk.says(ping("1"));
        assertThat(source.made()).isEqualTo(made);
        talk.resets().isOver();
        assertThat(source.isCancelled()).isTrue();
    }

    @Test
    @Tag("C10")
    void answersACloseAtOnceUnderAnEndlessOutput() {
        Numbers source = new Numbers(Long.MAX_VALUE, KIB_MESSAGE);
        Conversation talk = Conversation.opening(WebSocketHandler.streams(in -> source));
        for (int turns = 0; turns < 10; turns++) {
            talk.loop.runOne();
        }
        assertThat(source.made()).isGreaterThan(0);
        talk.says(close(1000, ""));
        ServerFrame frame;
        do {
            frame = talk.next();
        } while (frame.opcode() == ClientFrames.BINARY);
        assertThat(frame).isEqualTo(ServerFrame.close(1000));
        talk.hearsEnd();
        assertThat(talk.closed().clean()).isTrue();
        assertThat(source.isCancelled()).isTrue();
    }

    @Test
    void keepsASourceGoingWhoseEveryMessageIsTakenAtOnce() {
        Numbers source = new Numbers(5000, KIB_MESSAGE);
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> source));
        for (int i = 0; i < 5000; i++) {
            talk.hears(ServerFrame.binary(KIB));
        }
        talk.hears(ServerFrame.close(1000));
    }

    @Test
    @Tag("L2")
    void tellsAFrameHandlerWhenItMaySendAgain() {
        List<Integer> rounds = new ArrayList<>();
        Conversation talk = Conversation.with(WebSocketHandler.frames(channel -> {
            channel.onWritable(() -> fill(channel, rounds));
            return frame -> fill(channel, rounds);
        }));
        talk.wire.acceptNothing();
        talk.says(text("go"));
        assertThat(rounds).hasSize(1);
        assertThat(rounds.get(0)).as("the high mark, and one frame above").isEqualTo(64);
        talk.wire.accept(20 << 10);
        talk.loop.run();
        assertThat(rounds).as("the low mark was not reached").hasSize(1);
        talk.wire.accept(64 << 10);
        talk.loop.run();
        assertThat(rounds).hasSize(2);
    }

    @Test
    @Tag("L2")
    void tellsAFrameHandlerAlsoWhenAllWasTakenAtOnce() {
        List<Integer> rounds = new ArrayList<>();
        Conversation talk = Conversation.with(WebSocketHandler.frames(channel -> {
            channel.onWritable(() -> {
                if (rounds.size() < 5) {
                    fill(channel, rounds);
                }
            });
            return frame -> fill(channel, rounds);
        }));
        talk.says(text("go"));
        assertThat(rounds).hasSize(5);
    }

    private static void fill(FrameChannel channel, List<Integer> rounds) {
        int sent = 0;
        while (channel.isWritable()) {
            channel.send(Frame.binary(KIB));
            sent++;
        }
        rounds.add(sent);
    }

    @Test
    @Tag("M8")
    @Tag("hostile-54")
    void answersPingsAndClosesThoughNobodyWantsData() {
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> new Numbers(0, KIB_MESSAGE).silent()));
        talk.says(ping("1"), ping("2")).hears(ServerFrame.pong("1"), ServerFrame.pong("2"));
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
    }

    @Test
    @Tag("hostile-54")
    void holdsReadingWhileAHandlerTakesNothing() {
        Conversation talk = Conversation.with(WebSocketHandler.streams(in -> new Numbers(0, KIB_MESSAGE).silent()));
        talk.says(text("held"), ping("behind it"));
        assertThat(talk.wire.isHolding()).isTrue();
        talk.hearsNothing();
        // The peer's silence is our doing: neither keep-alive nor idle timeout may act.
        talk.passes(Duration.ofMinutes(10)).hearsNothing();
        assertThat(talk.isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-43")
    void cutsAPeerThatTakesNothingForHalfAMinute(EchoFace face) {
        Conversation talk = face.open();
        talk.wire.acceptNothing();
        talk.says(text("a"));
        talk.awaits("the answer waits", () -> talk.connection().output().waitingBytes() > 0);
        talk.passes(Duration.ofMillis(29_999));
        assertThat(talk.isClosed()).isFalse();
        talk.wire.accept(1);
        talk.passes(Duration.ofMillis(29_999));
        assertThat(talk.isClosed()).as("it took a byte").isFalse();
        talk.passes(Duration.ofMillis(30_002));
        assertThat(talk.closed().status().code()).isEqualTo(1006);
        talk.isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-43")
    void boundsACloseBehindAFullBuffer(EchoFace face) {
        Conversation talk = face.open();
        talk.wire.acceptNothing();
        talk.says(text("a"));
        talk.awaits("the answer waits", () -> talk.connection().output().waitingBytes() > 0);
        talk.does(() -> talk.connection().close(CloseStatus.of(1000)));
        talk.passes(Duration.ofSeconds(29));
        assertThat(talk.isClosed()).as("the close has not left, so its deadline does not run").isFalse();
        talk.passes(Duration.ofSeconds(2));
        assertThat(talk.closed().clean()).isFalse();
        talk.isOver();
    }
}
