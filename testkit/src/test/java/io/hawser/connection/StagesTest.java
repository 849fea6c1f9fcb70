// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.WebSocketHandler.frames;
import static io.hawser.connection.ClientFrames.CONTINUATION;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.binary;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.StageContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("F12")
@ExtendWith(EndOfTalks.class)
class StagesTest {
    /** A filter: the handler never sees a ping or a pong. */
    private static final FrameStage HIDE_PINGS_AND_PONGS =
            FrameStage.incoming((frame, stage) -> frame.opcode().isControl() ? List.of() : List.of(frame));

    /** A transform, in both directions. */
    private static final FrameStage SHOUT = stage -> new FrameStage.Frames() {
        @Override
        public List<Frame> incoming(Frame frame) {
            return List.of(marked("in ", frame));
        }

        @Override
        public List<Frame> outgoing(Frame frame) {
            return List.of(marked("out ", frame));
        }

        private static Frame marked(String mark, Frame frame) {
            return frame.opcode() == Opcode.TEXT
                    ? Frame.wrap(Opcode.TEXT, frame.fin(), utf8(mark + frame.text().toUpperCase(Locale.ROOT)))
                    : frame;
        }
    };

    /** Each text twice. */
    private static final FrameStage TWICE = FrameStage.incoming(
            (frame, stage) -> frame.opcode() == Opcode.TEXT ? List.of(frame, Frame.text(frame.text() + "'")) : List.of(frame));

    /** Notes all that passes. */
    private static final class Recorder implements FrameStage {
        final List<String> seen = new ArrayList<>();

        @Override
        public Opened open(StageContext stage) {
            seen.add("open");
            return new Frames() {
                @Override
                public List<Frame> incoming(Frame frame) {
                    seen.add("< " + described(frame));
                    return List.of(frame);
                }

                @Override
                public List<Frame> outgoing(Frame frame) {
                    seen.add("> " + described(frame));
                    return List.of(frame);
                }

                @Override
                public void closeComes(Frame close) {
                    seen.add("< " + close.opcode());
                }

                @Override
                public void closeLeaves(Frame close) {
                    seen.add("> " + close.opcode());
                }

                @Override
                public void onClosed() {
                    seen.add("closed");
                }
            };
        }

        private static String described(Frame frame) {
            return frame.opcode() + (frame.fin() ? " " : "... ") + frame.text();
        }
    }

    /** Passes the bytes of both directions on, each turned over. */
    private static final FrameStage INVERT = stage -> new FrameStage.Chunks() {
        @Override
        public FrameSink incoming(FrameSink next) {
            return new Inverting(next);
        }

        @Override
        public FrameSink outgoing(FrameSink next) {
            return new Inverting(next);
        }
    };

    private record Inverting(FrameSink next) implements FrameSink {
        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            next.onFrame(opcode, fin, rsv, length);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            ByteBuffer turned = ByteBuffer.allocate(chunk.remaining());
            while (chunk.hasRemaining()) {
                turned.put((byte) ~chunk.get());
            }
            next.onPayload(turned.flip());
        }

        @Override
        public void onFrameEnd() {
            next.onFrameEnd();
        }
    }

    private static Conversation echo(EchoFace face, MessagePolicy policy, FrameStage... stages) {
        return Conversation.with(face.handler(), o -> o.messages(face == EchoFace.FRAMES ? MessagePolicy.strict() : policy)
                .stages(stages));
    }

    @ParameterizedTest
    @EnumSource
    void standInFrontOfEveryFace(EchoFace face) {
        Recorder recorder = new Recorder();
        Conversation talk = echo(face, MessagePolicy.strict(), SHOUT, recorder);
        talk.says(text("a")).hears("out IN A").says(frame(TEXT, utf8("b")), ping("p"), frame(FIN | CONTINUATION, utf8("c")));
        talk.hears(ServerFrame.pong("p")).hears("out IN BC");
        assertThat(recorder.seen)
                .containsExactly(
                        "open", "< TEXT in A", "> TEXT in A", "< PING p", "> PONG p", "< TEXT in BC", "> TEXT in BC");
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd().hangsUp().isOver();
        assertThat(recorder.seen).endsWith("< CLOSE", "> CLOSE", "closed");
    }

    @ParameterizedTest
    @EnumSource
    void standInFrontOfStreamedMessages(EchoFace face) {
        Recorder recorder = new Recorder();
        WebSocketHandler handler = face == EchoFace.DIRECT
                ? WebSocketHandler.direct(socket -> socket.forEach(message -> socket.send(message.text())))
                : face.handler();
        MessagePolicy policy = face == EchoFace.FRAMES ? MessagePolicy.strict() : MessagePolicy.streamed(1 << 20);
        Conversation talk = Conversation.with(handler, o -> o.messages(policy).stages(SHOUT, recorder));
        talk.says(frame(TEXT, utf8("b")), frame(FIN | CONTINUATION, utf8("c")));
        if (face == EchoFace.FRAMES || face == EchoFace.DIRECT) {
            talk.hears("out IN BC");
        } else {
            talk.hears(ServerFrame.of(TEXT, utf8("out IN BC")), ServerFrame.of(FIN | CONTINUATION, new byte[0]));
        }
        assertThat(recorder.seen).startsWith("open", "< TEXT in BC");
    }

    @ParameterizedTest
    @EnumSource
    void mayGiveOutMoreThanIsAskedFor(EchoFace face) {
        Conversation talk = echo(face, MessagePolicy.strict(), TWICE, TWICE);
        talk.says(text("a"), text("b")).hears("a", "a'", "a'", "a''", "b", "b'", "b'", "b''");
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd();
    }

    @ParameterizedTest
    @EnumSource
    void seeChunks(EchoFace face) {
        byte[] data = new byte[300_000];
        data[299_999] = 7;
        byte[] turned = data.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = (byte) ~turned[i];
        }
        Recorder recorder = new Recorder();
        Conversation talk = echo(face, MessagePolicy.strict(), INVERT, recorder, INVERT);
        talk.says(binary(data)).hears(ServerFrame.binary(data));
        assertThat(recorder.seen.get(1)).isEqualTo("< BINARY " + Frame.binary(turned).text());
    }

    @Test
    void runOnceAConnectionAndInOrder() {
        Recorder first = new Recorder();
        WebSocketHandler handler = EchoFace.EACH.handler().with(o -> o.stages(TWICE).addStage(first).addStage(HIDE_PINGS_AND_PONGS));
        Conversation.with(handler).says(text("a")).hears("a", "a'");
        Conversation.with(handler.with(o -> o.stages(o.stages().get(1)))).says(text("a")).hears("a").hearsNothing();
        assertThat(first.seen)
                .containsExactly("open", "< TEXT a", "> TEXT a", "< TEXT a'", "> TEXT a'", "open", "< TEXT a", "> TEXT a");
    }

    @Test
    void hidePingsAndPongs() {
        List<Frame> seen = new ArrayList<>();
        Conversation talk = Conversation.with(
                WebSocketHandler.frames(channel -> seen::add), o -> o.stages(HIDE_PINGS_AND_PONGS));
        talk.says(ping("1"), text("a"), ping("2")).hearsNothing();
        assertThat(seen).singleElement().extracting(Frame::text).isEqualTo("a");
    }

    @Test
    void countAndRefuse() {
        LongAdder seen = new LongAdder();
        FrameStage count = FrameStage.incoming((frame, stage) -> { seen.increment(); return List.of(frame); });
        FrameStage textOnly = FrameStage.incoming((frame, stage) -> {
            if (frame.opcode() != Opcode.BINARY) return List.of(frame);
            stage.fail(CloseStatus.of(1003, "text only"));
            return List.of();
        });
        WebSocketHandler raw = frames(channel -> frame -> channel.send(frame)).with(o -> o.stages(count, textOnly));
        Conversation.with(raw).says(text("a")).hears("a").says(binary(new byte[1]), text("late"))
                .hears(ServerFrame.close(1003, "text only")).hearsEnd();
        assertThat(seen.sum()).isEqualTo(2);
    }

    @Test
    void keepWhatNobodyAsksForInFrontOfAClose() {
        List<String> seen = new ArrayList<>();
        CompletableFuture<io.hawser.FrameChannel> opened = new CompletableFuture<>();
        Conversation talk = Conversation.with(
                frames(channel -> {
                    opened.complete(channel);
                    return frame -> {
                        seen.add(frame.text());
                        channel.pause();
                    };
                }),
                o -> o.stages(TWICE));
        talk.says(text("a"), close(1000, "")).hearsNothing();
        assertThat(seen).containsExactly("a");
        assertThat(talk.wire.isHolding()).isTrue();
        opened.join().resume();
        talk.loop.run();
        assertThat(seen).containsExactly("a", "a'");
        opened.join().resume();
        talk.hears(ServerFrame.close(1000)).hearsEnd();
    }

    @Test
    void completeASendThatTheyDropOrDouble() {
        List<String> done = new ArrayList<>();
        FrameStage pick = FrameStage.outgoing((frame, stage) -> switch (frame.text()) {
            case "drop" -> List.of();
            case "double" -> List.of(frame, frame);
            default -> List.of(frame);
        });
        Conversation talk = Conversation.with(frames(channel -> {
            for (String text : List.of("drop", "double", "pass")) {
                channel.sendAsync(TextMessage.of(text)).whenComplete((sent, failure) -> done.add(text + " " + failure));
            }
            return frame -> {};
        }), o -> o.stages(pick));
        talk.hears("double", "double", "pass");
        assertThat(done).containsExactlyInAnyOrder("drop null", "double null", "pass null");
    }

    @Test
    void failTheConnectionWith1011() {
        List<FrameStage> faulty = List.of(
                FrameStage.incoming((frame, stage) -> {
                    throw new IllegalStateException("on purpose");
                }),
                FrameStage.incoming((frame, stage) -> List.of(Frame.wrap(Opcode.CONTINUATION, true, new byte[0]))),
                FrameStage.incoming((frame, stage) -> List.of(Frame.wrap(Opcode.TEXT, true, new byte[] {(byte) 0xFF}))),
                FrameStage.incoming((frame, stage) -> List.of(Frame.close(CloseStatus.of(1000)))),
                FrameStage.outgoing((frame, stage) -> List.of(Frame.wrap(Opcode.TEXT, true, new byte[] {(byte) 0xFF}))),
                FrameStage.outgoing((frame, stage) -> {
                    throw new StackOverflowError("on purpose");
                }));
        for (FrameStage stage : faulty) {
            echo(EchoFace.EACH, MessagePolicy.strict(), stage).says(text("a"), text("b"))
                    .hears(ServerFrame.close(1011)).hearsEnd();
        }
        FrameStage broken = stage -> {
            throw new IllegalStateException("on purpose");
        };
        echo(EchoFace.DIRECT, MessagePolicy.strict(), broken).hears(ServerFrame.close(1011)).hearsEnd().hangsUp().isOver();
    }

    @Test
    @Tag("K1")
    void answerPingsWhereAutomaticPongsAreOff() {
        Conversation talk = Conversation.with(
                EchoFace.EACH.handler(), o -> o.autoPong(false).stages(FrameStage.autoPong(), HIDE_PINGS_AND_PONGS));
        talk.says(ping("1"), text("a")).hears(ServerFrame.pong("1")).hears("a").hearsNothing();
    }

    @Test
    @Tag("K4")
    void pingAndMeasureRoundTrips() {
        List<String> seen = new ArrayList<>();
        int[] bodies = {0};
        FrameStage pinging = FrameStage.autoPing(Duration.ofSeconds(5), () -> utf8("body " + ++bodies[0]));
        Conversation talk = Conversation.with(WebSocketHandler.frames(channel -> new io.hawser.FrameHandler() {
            @Override
            public void onFrame(Frame frame) {
                seen.add(frame.toString());
            }

            @Override
            public void onRoundTrip(Duration time) {
                seen.add(time.toString());
            }
        }), o -> o.stages(pinging));
        talk.passes(Duration.ofSeconds(5)).hears(ServerFrame.of(FIN | ClientFrames.PING, utf8("body 1")));
        talk.passes(Duration.ofMillis(30)).says(frame(TEXT, utf8("a")), ClientFrames.pong(utf8("body 1")));
        assertThat(seen).containsExactly("PT0.03S");
        talk.passes(Duration.ofMillis(4970)).hears(ServerFrame.of(FIN | ClientFrames.PING, utf8("body 2")));
        talk.says(frame(FIN | CONTINUATION, utf8("b")), ClientFrames.pong(utf8("body 2")), ClientFrames.pong(utf8("body 2")));
        assertThat(seen).containsExactly("PT0.03S", "TEXT, 2 bytes", "PT0S", "PONG, 6 bytes");
        talk.says(close(1000, "")).hears(ServerFrame.close(1000)).hearsEnd().hangsUp().isOver();
        talk.passes(Duration.ofSeconds(20));
        assertThat(bodies[0]).isEqualTo(2);
        assertThat(talk.loop.hasTimers()).isFalse();
    }
}
