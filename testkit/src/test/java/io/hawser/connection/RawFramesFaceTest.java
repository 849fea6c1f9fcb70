// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.BINARY;
import static io.hawser.connection.ClientFrames.FIN;
import static io.hawser.connection.ClientFrames.PING;
import static io.hawser.connection.ClientFrames.TEXT;
import static io.hawser.connection.ClientFrames.close;
import static io.hawser.connection.ClientFrames.frame;
import static io.hawser.connection.ClientFrames.header;
import static io.hawser.connection.ClientFrames.joined;
import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.pong;
import static io.hawser.connection.ClientFrames.text;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.FrameChannel;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("F2")
@ExtendWith(EndOfTalks.class)
class RawFramesFaceTest {
    private final List<String> seen = new ArrayList<>();
    private long bytes;
    private FrameChannel channel;
    private Consumer<ByteBuffer> onPayload = chunk -> chunk.position(chunk.limit());

    private Conversation open(UnaryOperator<WebSocketOptions> options) {
        return Conversation.with(
                WebSocketHandler.rawFrames(opened -> {
                    channel = opened;
                    opened.closed().thenAccept(how -> seen.add("closed " + how.status().code()));
                    return new Noting();
                }),
                options);
    }

    private Conversation open() {
        return open(options -> options);
    }

    private final class Noting implements FrameSink {
        @Override
        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
            seen.add(opcode + (fin ? " " : "... ") + length);
        }

        @Override
        public void onPayload(ByteBuffer chunk) {
            int before = chunk.position();
            onPayload.accept(chunk);
            bytes += chunk.position() - before;
        }

        @Override
        public void onFrameEnd() {
            seen.add("end " + bytes);
            bytes = 0;
        }
    }

    @Test
    void passesAFrameOfAnyLength() {
        Conversation talk = open().says(joined(header(FIN | BINARY, 1L << 40), new byte[4]));
        byte[] read = new byte[1 << 20];
        for (int i = 0; i < 5; i++) {
            talk.says(read);
        }
        assertThat(seen).containsExactly("BINARY 1099511627776");
        assertThat(bytes).isEqualTo(5L << 20);
        talk.does(() -> channel.send(Frame.text("heard")));
        talk.hears("heard").hangsUp();
        assertThat(seen).containsExactly("BINARY 1099511627776", "closed 1006");
    }

    @Test
    void seesAllFramesButClosesInOrder() {
        Conversation talk = open().says(
                frame(TEXT, utf8("abc")), ping("p"), ping(""), frame(FIN, new byte[0]), pong(utf8("unasked")), close(1000, ""));
        talk.hears(ServerFrame.pong("p"), ServerFrame.pong(""), ServerFrame.close(1000)).hearsEnd();
        assertThat(seen).containsExactly(
                "TEXT... 3", "end 3", "PING 1", "end 1", "PING 0", "end 0", "CONTINUATION 0", "end 0", "PONG 7", "end 7",
                "closed 1000");
    }

    @Test
    @Tag("M8")
    void getsNoChunkWhilePaused() {
        Conversation talk = open();
        talk.does(channel::pause);
        talk.says(text("a"), text("b"));
        assertThat(seen).containsExactly("TEXT 1");
        assertThat(talk.wire.isHolding()).isTrue();
        onPayload = chunk -> {
            chunk.position(chunk.limit());
            channel.pause();
        };
        talk.does(channel::resume);
        talk.loop.run();
        assertThat(seen).containsExactly("TEXT 1", "end 1", "TEXT 1");
        talk.does(channel::resume);
        talk.loop.run();
        assertThat(seen).containsExactly("TEXT 1", "end 1", "TEXT 1", "end 1");
    }

    @Test
    void getsAgainWhatItLeft() {
        onPayload = chunk -> chunk.get();
        Conversation talk = open().says(text("ab"), text("c"));
        assertThat(seen).containsExactly("TEXT 2");
        talk.does(channel::resume);
        talk.loop.run();
        assertThat(seen).containsExactly("TEXT 2", "end 2", "TEXT 1", "end 1");
    }

    @Test
    void failsAsTheSinkSays() {
        onPayload = chunk -> {
            throw new ProtocolViolation(1008, "10", "not today");
        };
        open().says(text("a")).hears(ServerFrame.close(1008, "not today")).hearsEnd();
        onPayload = chunk -> {
            throw new IllegalStateException("on purpose");
        };
        open().says(text("a"), text("b")).hears(ServerFrame.close(1011)).hearsEnd();
        open().says(ping("a")).hears(ServerFrame.pong("a"), ServerFrame.close(1011)).hearsEnd();
    }

    @Test
    @Tag("K2")
    void pingsAndSeesPingsAndPongs() {
        Conversation talk = open();
        CompletableFuture<Duration> roundTrip = channel.pingAsync().toCompletableFuture();
        talk.does(() -> channel.send(Frame.ping(utf8("by hand"))));
        byte[] timed = talk.next().bytes();
        talk.hears(ServerFrame.of(FIN | PING, utf8("by hand"))).passes(Duration.ofMillis(3)).says(pong(timed), ping("theirs"));
        assertThat(roundTrip).isCompletedWithValue(Duration.ofMillis(3));
        talk.hears(ServerFrame.pong("theirs")).says(pong(utf8("by hand")));
        assertThat(seen).containsExactly("PONG 8", "end 8", "PING 6", "end 6", "PONG 7", "end 7");
    }

    @Test
    void standsBehindStages() {
        open(o -> o.stages(stage -> new FrameStage.Frames() {
            @Override
            public List<Frame> incoming(Frame frame) {
                return List.of(frame, frame);
            }
        })).says(text("a"));
        assertThat(seen).containsExactly("TEXT 1", "end 1", "TEXT 1", "end 1");
    }
}
