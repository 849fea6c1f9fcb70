// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.binary;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.joined;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.protocol.CloseStatus;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must be the same in every face, with an echo as the application. */
@ExtendWith(EndOfTalks.class)
class EveryFaceTest {
    private static final byte[] TALK = joined(
            text("Grüße"),
            frame(TEXT, utf8("in ")),
            ping("between"),
            frame(FIN | CONTINUATION, utf8("parts")),
            binary(new byte[] {0, 1, 2}),
            text(""));

    @ParameterizedTest
    @EnumSource
    @Tag("F10")
    void echoesWholeMessages(EchoFace face) {
        expectTalk(face.open().says(TALK));
    }

    @ParameterizedTest
    @EnumSource
    void echoesHoweverTheNetworkCuts(EchoFace face) {
        for (int cut = 1; cut < TALK.length; cut++) {
            Conversation talk = face.open();
            talk.wire.receiveCut(TALK, cut);
            expectTalk(talk);
        }
        for (long seed = 1; seed <= 5; seed++) {
            Conversation talk = face.open();
            talk.wire.cutInput(seed);
            expectTalk(talk.says(TALK));
        }
    }

    private static void expectTalk(Conversation talk) {
        // A direct handler answers from its own thread, so a pong may overtake a message; messages keep their order.
        ServerFrame[] heard = new ServerFrame[5];
        for (int i = 0; i < heard.length; i++) {
            heard[i] = talk.next();
        }
        assertThat(heard).contains(ServerFrame.pong("between"));
        assertThat(Arrays.stream(heard).filter(frame -> frame.opcode() < ClientFrames.CLOSE))
                .containsExactly(
                        ServerFrame.text("Grüße"),
                        ServerFrame.text("in parts"),
                        ServerFrame.binary(new byte[] {0, 1, 2}),
                        ServerFrame.text(""));
        talk.hearsNothing();
        assertThat(talk.isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-23")
    void echoesTenThousandMessagesOfOnePacketInOrder(EchoFace face) {
        byte[][] frames = new byte[10_000][];
        Arrays.setAll(frames, i -> text("message " + i));
        Conversation talk = face.open().says(frames);
        for (int i = 0; i < frames.length; i += 1) {
            talk.hears("message " + i);
        }
        talk.hearsNothing();
    }

    @ParameterizedTest
    @EnumSource
    void echoesLargeMessages(EchoFace face) {
        byte[] large = new byte[1 << 20];
        Arrays.fill(large, (byte) 7);
        face.open().says(binary(large), binary(large)).hears(ServerFrame.binary(large), ServerFrame.binary(large));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C1")
    void echoesTheCodeOfAPeerThatCloses(EchoFace face) {
        for (int code : new int[] {1000, 1001}) {
            Conversation talk = face.open().says(text("last")).hears("last");
            talk.says(close(code, "so long")).hears(ServerFrame.close(code)).hearsEnd();
            assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(code, "so long"), false, true));
            talk.hangsUp().isOver();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C1")
    void answersACloseWithoutACodeByOne(EchoFace face) {
        Conversation talk = face.open().says(close()).hears(ServerFrame.emptyClose()).hearsEnd();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1005), false, true));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C2")
    @Tag("C9")
    void tellsAnyOtherCodeAndReason(EchoFace face) {
        Conversation talk = face.open().says(close(4321, "no räther")).hears(ServerFrame.close(4321)).hearsEnd();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(4321, "no räther"), false, true));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C6")
    void ignoresWhatFollowsAClose(EchoFace face) {
        Conversation talk = face.open().says(close(1000, ""), text("too late"), new byte[] {1, 2, 3});
        talk.hears(ServerFrame.close(1000)).hearsEnd().says(text("far too late")).hearsNothing();
        talk.hangsUp().isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C7")
    @Tag("hostile-38")
    void refusesCloseCodesThatAreNeverSent(EchoFace face) {
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
            Conversation talk = face.open().says(close(code, "")).hearsClose(1002).hearsEnd();
            assertThat(talk.closed()).matches(end -> end.local() && !end.clean() && end.status().code() == 1002);
        }
        face.open().says(frame(FIN | ClientFrames.CLOSE, new byte[1])).hearsClose(1002).hearsEnd();
        byte[] badReason = {3, (byte) 0xE8, (byte) 0xFF};
        face.open().says(frame(FIN | ClientFrames.CLOSE, badReason)).hearsClose(1007).hearsEnd();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C8")
    @Tag("hostile-56")
    void tellsAnEndWithoutAClose(EchoFace face) {
        Conversation talk = face.open().says(text("a")).hears("a").hangsUp();
        assertThat(talk.closed())
                .isEqualTo(new Closed(CloseStatus.of(1006, "the connection ended without a close"), false, false));
        talk.isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("F11")
    void tellsAnEndInsideAFrame(EchoFace face) {
        byte[] whole = text("never whole");
        for (int length = 1; length < whole.length; length++) {
            Conversation talk = face.open().says(Arrays.copyOf(whole, length)).hangsUp();
            assertThat(talk.closed())
                    .isEqualTo(new Closed(CloseStatus.of(1006, "the connection ended inside a frame"), false, false));
            talk.hearsEnd().isOver();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-55")
    void tellsAResetOnce(EchoFace face) {
        Conversation talk = face.open().says(text("a"), frame(TEXT, utf8("b"))).hears("a").resets();
        assertThat(talk.closed().status().code()).isEqualTo(1006);
        assertThat(talk.closed().clean()).isFalse();
        talk.isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-33")
    void deliversWhatCameBeforeAViolationAndAnswersIt(EchoFace face) {
        Conversation talk = face.open()
                .says(text("one"), text("two"), frame(FIN | CONTINUATION, utf8("orphan")), text("three"))
                .hears("one", "two")
                .hearsClose(1002)
                .hearsEnd();
        assertThat(talk.closed()).matches(end -> end.local() && !end.clean() && end.status().code() == 1002);
        talk.hangsUp().isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("M5")
    @Tag("hostile-25")
    void refusesTextThatIsNotUtf8(EchoFace face) {
        byte[] begun = {(byte) TEXT, (byte) 0x85, 0, 0, 0, 0, 'a', (byte) 0xC0};
        face.open().says(begun).hearsClose(1007).hearsEnd();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("L1")
    @Tag("hostile-21")
    void refusesALengthAboveTheLimitAtTheHeader(EchoFace face) {
        face.open().says(ClientFrames.header(FIN | TEXT, (1 << 20) + 1), new byte[4]).hearsClose(1009);
        face.open().says(ClientFrames.header(FIN | TEXT, Long.MAX_VALUE), new byte[4]).hearsClose(1009);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("C9")
    void closesFromOurSideWithAnyCode(EchoFace face) {
        Conversation talk = face.open();
        talk.connection().close(CloseStatus.of(4001, "token expired"));
        talk.hears(ServerFrame.close(4001, "token expired")).hearsNothing();
        assertThat(talk.isClosed()).isFalse();
        talk.says(close(4001, "token expired")).hearsEnd();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(4001, "token expired"), true, true));
        talk.hangsUp().isOver();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-40")
    void staysCleanWhenBothSidesCloseAtOnce(EchoFace face) {
        Conversation talk = face.open();
        talk.wire.acceptNothing();
        talk.connection().close(CloseStatus.of(1000));
        talk.says(close(4000, "crossing"));
        talk.wire.acceptAll();
        talk.hears(ServerFrame.close(1000)).hearsEnd();
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1000), true, true));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("hostile-41")
    void cutsAPeerThatDoesNotAnswerOurClose(EchoFace face) {
        Conversation talk = face.open();
        talk.connection().close(CloseStatus.of(1001));
        talk.hears(ServerFrame.close(1001)).passes(Duration.ofNanos(2_999_999_999L));
        assertThat(talk.isClosed()).isFalse();
        talk.passes(Duration.ofNanos(1));
        assertThat(talk.closed()).isEqualTo(new Closed(CloseStatus.of(1001), true, false));
        talk.isOver();
    }

    @ParameterizedTest
    @EnumSource
    void closesTheTransportOfAPeerThatLingers(EchoFace face) {
        Conversation talk = face.open().says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
        assertThat(talk.wire.isClosed()).isFalse();
        talk.passes(Duration.ofSeconds(3)).isOver();
        assertThat(talk.loop.hasTimers()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNoTimerBehind(EchoFace face) {
        Conversation talk = face.open().says(text("a")).hears("a").resets();
        talk.isOver();
        assertThat(talk.loop.hasTimers()).isFalse();
    }
}
