// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.FrameHandler;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.conformance.raw.Cut;
import io.hawser.conformance.raw.RawClient;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The closing of connections, from either side, from both and from neither. Needs sockets: what a peer sees of a close is the end of a
 * socket. The deadline to the moment, on a virtual clock, is shown by LiveConnectionTest and EveryFaceTest of the testkit.
 */
@Timeout(60)
class HostileClosingTest {
    private static final int PROTOCOL_ERROR = 1002;
    private static final CloseStatus OURS = CloseStatus.of(4001, "über");
    private static final String EVERY_WAY = "io.hawser.conformance.hostile.Face#andCut";

    @RegisterExtension
    static final Target target = Target.with(o -> o.webSocket(w -> w.closeTimeout(Duration.ofMillis(300))));

    @BeforeAll
    static void addRoutes() {
        // Each closes with OURS when the first message comes.
        route("/close/direct", WebSocketHandler.direct(socket -> {
            Watch watch = target.app().watch(Face.DIRECT, socket);
            socket.receive();
            socket.close(OURS.code(), OURS.reason());
            watch.ended(null);
        }));
        route("/close/streams", WebSocketHandler.streams(in -> {
            Watch watch = target.app().watch(Face.STREAMS, in);
            in.subscribe(new Input(watch, message -> in.closeAsync(OURS)));
            return WatchedEcho.never();
        }));
        route("/close/frames", WebSocketHandler.frames(channel -> {
            Watch watch = target.app().watch(Face.FRAMES, channel);
            return new Frames(watch, frame -> channel.send(Frame.close(OURS)));
        }));
        route("/complete/direct", WebSocketHandler.direct(socket -> {
            target.app().watch(Face.DIRECT, socket).ended(null);
        }));
        route("/complete/streams", WebSocketHandler.streams(in -> {
            in.subscribe(new Input(target.app().watch(Face.STREAMS, in), message -> {}));
            return out -> {
                out.onSubscribe(new Input(null, message -> {}));
                out.onComplete();
            };
        }));
        route("/taking/direct", WebSocketHandler.direct(socket -> {
            Watch watch = target.app().watch(Face.DIRECT, socket);
            socket.forEach(watch::message);
            watch.ended(null);
        }));
        route("/endless", WebSocketHandler.streams(in -> {
            in.subscribe(new Input(target.app().watch(Face.STREAMS, in), message -> {}));
            return WatchedEcho.never();
        }));
        route("/illegal", WebSocketHandler.direct(socket -> {
            Watch watch = target.app().watch(Face.DIRECT, socket);
            int code = Integer.parseInt(socket.receive().text());
            try {
                socket.close(code, "");
            } catch (IllegalArgumentException e) {
                socket.send("refused");
            }
            socket.close();
            watch.ended(null);
        }));
    }

    private static void route(String path, WebSocketHandler handler) {
        target.app().route(path, HttpHandler.webSocket(handler));
    }

    /** Takes all messages. */
    private record Input(Watch watch, Consumer<Message> action) implements Flow.Subscriber<Message>, Flow.Subscription {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Message message) {
            watch.message(message);
            action.accept(message);
        }

        @Override
        public void onError(Throwable failure) {
            watch.ended(failure);
        }

        @Override
        public void onComplete() {
            watch.ended(null);
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    private record Frames(Watch watch, Consumer<Frame> action) implements FrameHandler {
        @Override
        public void onFrame(Frame frame) {
            watch.frame(frame);
            action.accept(frame);
        }

        @Override
        public void onClosed(Closed closed) {
            watch.ended(null);
        }
    }

    private static void expectClosed(Face face, int code, boolean local, boolean clean) {
        if (face != Face.EACH) {
            Closed how = target.watchUntilOver().how();
            assertThat(how.status().code()).as("%s", how).isEqualTo(code);
            assertThat(how.local()).as("%s", how).isEqualTo(local);
            assertThat(how.clean()).as("%s", how).isEqualTo(clean);
            target.app().beginNextCase();
        }
    }

    @Tag("C1")
    @Tag("C7")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void answersEveryLegalCodeAndEndsTcpFirst(Face face, Cut cut) throws IOException {
        List<Integer> legal =
                List.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999);
        for (int code : legal) {
            try (RawClient client = target.open(face)) {
                RawFrame close = RawFrame.close(code, "r".repeat(123).getBytes(StandardCharsets.UTF_8));
                client.send(cut, close);
                client.expectCloseAnswer(close);
            }
            expectClosed(face, code, false, true);
        }
        try (RawClient client = target.open(face)) {
            RawFrame close = RawFrame.of(RawFrame.CLOSE, "");
            client.send(cut, close);
            client.expectCloseAnswer(close);
        }
        expectClosed(face, 1005, false, true);
    }

    @Tag("hostile-38")
    @Tag("C7")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void refusesIllegalCloseBodies(Face face, Cut cut) throws IOException {
        target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.of(RawFrame.CLOSE, "x").masked());
        for (int code : List.of(0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 32768, 65535)) {
            target.expectFailure(face, cut, PROTOCOL_ERROR, 0, RawFrame.close(code).masked());
        }
    }

    @Tag("C2")
    @Tag("C9")
    @ParameterizedTest
    @EnumSource(names = {"STREAMS", "DIRECT"})
    void failsTheInputWithThePeersCodeAndReason(Face face) throws IOException {
        try (RawClient client = target.open(face)) {
            client.send(RawFrame.close(4000, "grüße".getBytes(StandardCharsets.UTF_8)));
            client.expectCloseAnswer(RawFrame.close(4000));
        }
        Watch watch = target.watchUntilOver();
        assertThat(watch.failure()).isInstanceOf(WebSocketClosedException.class).hasNoCause();
        assertThat(watch.how().status()).isEqualTo(CloseStatus.of(4000, "grüße"));
    }

    @Tag("C1")
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void completesTheInputOnANormalClose(int code) throws IOException {
        for (Face face : List.of(Face.STREAMS, Face.DIRECT)) {
            try (RawClient client = target.open(face)) {
                client.closeWith(code);
            }
            assertThat(target.watchUntilOver().failure()).isNull();
            target.app().beginNextCase();
        }
    }

    @Tag("C6")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void ignoresWhatFollowsAClose(Face face, Cut cut) throws IOException {
        RawFrame close = RawFrame.close(1000);
        RawFrame text = RawFrame.of(RawFrame.TEXT, "late");
        byte[] garbage = new byte[1000];
        byte[] ping = RawFrame.of(RawFrame.PING, "").masked();
        for (byte[] rest : List.of(close.masked(), RawFrame.close(4000).masked(), text.masked(), garbage, ping)) {
            try (RawClient client = target.open(face)) {
                client.send(cut, RawClient.join(close.masked(), rest));
                client.expectCloseAnswer(close);
            }
            if (face != Face.EACH) {
                assertThat(target.watchUntilOver().delivered()).isZero();
            }
            target.app().beginNextCase();
        }
    }

    /** The close is answered; the message that it stands in is never delivered. */
    @Tag("C3")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void deliversNoMessageThatACloseCutsOff(Face face, Cut cut) throws IOException {
        try (RawClient client = target.open(face)) {
            client.send(cut, RawFrame.first(RawFrame.TEXT, "begun"), RawFrame.close(1000));
            client.expectCloseAnswer(RawFrame.close(1000));
        }
        if (face != Face.EACH) {
            assertThat(target.watchUntilOver().delivered()).isZero();
        }
    }

    @Tag("C10")
    @ParameterizedTest
    @MethodSource(EVERY_WAY)
    void deliversWhatCameBeforeAClose(Face face, Cut cut) throws IOException {
        try (RawClient client = target.open(face)) {
            client.send(cut, twentyAndAClose());
            if (face == Face.DIRECT) {
                // Its replies come from a thread of their own, and those behind our close are dropped.
                RawFrame frame = client.read();
                while (frame.opcode() == RawFrame.TEXT) {
                    frame = client.read();
                }
                assertThat(frame.closeCode()).hasValue(1000);
                client.expectEnd();
            } else {
                for (int i = 0; i < 20; i++) {
                    client.expectEcho(RawFrame.TEXT, ("" + i).getBytes(StandardCharsets.UTF_8));
                }
                client.expectCloseAnswer(RawFrame.close(1000));
            }
        }
        if (face == Face.STREAMS || face == Face.FRAMES) {
            assertThat(target.watchUntilOver().delivered()).isEqualTo(20);
        }
    }

    /** Whose replies are dropped, and so would end an echo early; here nothing is said. */
    @Tag("C10")
    @ParameterizedTest
    @EnumSource
    void deliversWhatCameBeforeACloseToAThreadOfItsOwn(Cut cut) throws IOException {
        try (RawClient client = target.open("/taking/direct")) {
            client.send(cut, twentyAndAClose());
            client.expectCloseAnswer(RawFrame.close(1000));
        }
        assertThat(target.watchUntilOver().delivered()).isEqualTo(20);
    }

    private static RawFrame[] twentyAndAClose() {
        return IntStream.range(0, 21)
                .mapToObj(i -> i < 20 ? RawFrame.of(RawFrame.TEXT, "" + i) : RawFrame.close(1000))
                .toArray(RawFrame[]::new);
    }

    @Tag("C10")
    @ParameterizedTest
    @EnumSource
    void answersACloseUnderAnOutputThatNeverEnds(Cut cut) throws IOException {
        try (RawClient client = target.open("/endless")) {
            client.send(cut, RawFrame.of(RawFrame.TEXT, "before"), RawFrame.close(1001));
            client.expectCloseAnswer(RawFrame.close(1001));
        }
        assertThat(target.watchUntilOver().delivered()).isEqualTo(1);
        expectClosed(Face.STREAMS, 1001, false, true);
    }

    @Tag("hostile-40")
    @Tag("C9")
    @ParameterizedTest
    @EnumSource(names = {"STREAMS", "DIRECT", "FRAMES"})
    void closesCleanlyWhenBothCloseAtOnce(Face face) throws IOException {
        for (Cut cut : List.of(Cut.WHOLE, Cut.BYTE_BY_BYTE)) {
            try (RawClient client = target.open("/close" + face.path())) {
                client.send(cut, RawFrame.of(RawFrame.TEXT, "close!"), RawFrame.close(4000));
                RawFrame close = client.read();
                assertThat(close.opcode()).isEqualTo(RawFrame.CLOSE);
                // A thread of its own may see our close first, and then it is the answer.
                List<Integer> right = face == Face.DIRECT ? List.of(4000, 4001) : List.of(4001);
                assertThat(close.closeCode().orElseThrow()).isIn(right);
                client.expectEnd();
            }
            assertThat(target.watchUntilOver().how().clean()).isTrue();
            target.app().beginNextCase();
        }
    }

    @Tag("C9")
    @ParameterizedTest
    @EnumSource(names = {"STREAMS", "DIRECT", "FRAMES"})
    void sendsTheApplicationsCodeAndReason(Face face) throws IOException {
        try (RawClient client = target.open("/close" + face.path())) {
            client.send(RawFrame.of(RawFrame.TEXT, "close!"));
            RawFrame close = client.read();
            assertThat(ByteBuffer.wrap(close.payload())).isEqualTo(OURS.toPayload());
            client.send(RawFrame.close(4001));
            client.expectEnd();
        }
        expectClosed(face, 4001, true, true);
    }

    @Tag("hostile-41")
    @Tag("C4")
    @ParameterizedTest
    @ValueSource(strings = {"", "text", "ping", "fragment", "header"})
    void endsTcpAtTheDeadlineIfItsCloseIsNotAnswered(String instead) throws IOException {
        for (Face face : List.of(Face.STREAMS, Face.DIRECT, Face.FRAMES)) {
            try (RawClient client = target.open("/close" + face.path())) {
                client.send(RawFrame.of(RawFrame.TEXT, "close!"));
                assertThat(client.read().closeCode()).hasValue(OURS.code());
                switch (instead) {
                    case "text" -> client.send(RawFrame.of(RawFrame.TEXT, "no"));
                    case "ping" -> client.send(RawFrame.of(RawFrame.PING, "no"));
                    case "fragment" -> client.send(RawFrame.first(RawFrame.TEXT, "no"));
                    case "header" -> client.send(new byte[] {(byte) 0x88});
                    default -> {}
                }
                client.expectEnd();
            }
            expectClosed(face, OURS.code(), true, false);
        }
    }

    /** A violation in place of the answer ends the wait, and no second close frame is sent. */
    @Tag("hostile-41")
    @ParameterizedTest
    @EnumSource(names = {"STREAMS", "DIRECT", "FRAMES"})
    void sendsNoSecondCloseForAViolationBehindItsOwn(Face face) throws IOException {
        try (RawClient client = target.open("/close" + face.path())) {
            client.send(RawFrame.of(RawFrame.TEXT, "close!"));
            assertThat(client.read().closeCode()).hasValue(OURS.code());
            client.send(RawFrame.of(7, "nonsense"));
            client.expectEnd();
        }
        expectClosed(face, OURS.code(), true, false);
    }

    @Tag("C4")
    @ParameterizedTest
    @ValueSource(strings = {"/complete/direct", "/complete/streams"})
    void closesNormallyWhenTheHandlerIsDone(String path) throws IOException {
        try (RawClient client = target.open(path)) {
            client.expectClosedBy(1000);
        }
        expectClosed(Face.STREAMS, 1000, true, true);
    }

    @Tag("C11")
    @ParameterizedTest
    @EnumSource
    void deliversInputBehindItsOwnClose(Cut cut) throws IOException {
        try (RawClient client = target.open("/complete/streams")) {
            assertThat(client.read().closeCode()).hasValue(1000);
            RawFrame text = RawFrame.of(RawFrame.TEXT, "text");
            client.send(cut, text, text, RawFrame.close(1000));
            client.expectEnd();
        }
        assertThat(target.watchUntilOver().delivered()).isEqualTo(2);
        expectClosed(Face.STREAMS, 1000, true, true);
    }

    @Tag("hostile-39")
    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65536, -1})
    void letsNoApplicationSendACodeThatIsNeverSent(int code) throws IOException {
        try (RawClient client = target.open("/illegal")) {
            client.send(RawFrame.of(RawFrame.TEXT, "" + code));
            client.expectEcho(RawFrame.TEXT, "refused".getBytes(StandardCharsets.UTF_8));
            client.expectClosedBy(1000);
        }
    }

    /** Replies are not lost, nor is one sent behind the close. */
    @Tag("C4")
    @Test
    void sendsWhatWasSentBeforeTheHandlerReturned() throws IOException {
        route("/last-words", WebSocketHandler.direct(socket -> {
            for (int i = 0; i < 1000; i++) {
                socket.sendAsync(TextMessage.of("word " + i));
            }
        }));
        try (RawClient client = target.open("/last-words")) {
            for (int i = 0; i < 1000; i++) {
                client.expectEcho(RawFrame.TEXT, ("word " + i).getBytes(StandardCharsets.UTF_8));
            }
            client.expectClosedBy(1000);
        }
    }

    @Tag("H8")
    @ParameterizedTest
    @EnumSource
    void sendsWhatAHandlerSaysFirst(Cut cut) throws IOException {
        route("/first", WebSocketHandler.frames(channel -> {
            Watch watch = target.app().watch(Face.FRAMES, channel);
            channel.send(Frame.text("first"));
            return new Frames(watch, channel::send);
        }));
        try (RawClient client = target.connect()) {
            RawFrame second = RawFrame.of(RawFrame.TEXT, "second");
            client.send(cut, RawClient.join(RawClient.upgrade("/first"), second.masked()));
            client.expectSwitched();
            client.expectEcho(RawFrame.TEXT, "first".getBytes(StandardCharsets.UTF_8));
            client.expectEcho(RawFrame.TEXT, "second".getBytes(StandardCharsets.UTF_8));
            client.closeWith(1000);
        }
    }
}
