// SPDX-License-Identifier: Apache-2.0

package io.hawser.connection;

import static io.hawser.connection.ClientFrames.ping;
import static io.hawser.connection.ClientFrames.pong;
import static io.hawser.connection.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Connection;
import io.hawser.FrameHandler;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("K2")
@ExtendWith(EndOfTalks.class)
class ControlListenerTest {
    private static final List<String> SEEN = new ArrayList<>();

    private static void listen(Connection connection) {
        connection.onControl(frame -> {
            SEEN.add(frame.opcode() + " " + frame.text());
            if (frame.text().equals("throw")) {
                throw new IllegalStateException("on purpose");
            }
        });
    }

    static Stream<WebSocketHandler> faces() {
        return Stream.of(
                WebSocketHandler.streams(in -> {
                    listen(in);
                    return in;
                }),
                WebSocketHandler.direct(socket -> {
                    listen(socket);
                    socket.send("ready");
                    socket.receive();
                }),
                WebSocketHandler.frames(channel -> {
                    listen(channel);
                    return frame -> {};
                }),
                WebSocketHandler.rawFrames(channel -> {
                    listen(channel);
                    return new FrameSink() {
                        @Override
                        public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {}

                        @Override
                        public void onPayload(ByteBuffer chunk) {}

                        @Override
                        public void onFrameEnd() {}
                    };
                }));
    }

    @ParameterizedTest
    @MethodSource("faces")
    void isToldInEveryFace(WebSocketHandler handler) {
        SEEN.clear();
        Conversation talk = Conversation.with(handler);
        if (handler.face() instanceof WebSocketHandler.Face.Direct) {
            talk.hears("ready");
        }
        talk.says(ping("p"), pong(utf8("q"))).hears(ServerFrame.pong("p"));
        assertThat(SEEN).containsExactly("PING p", "PONG q");
        talk.says(pong(utf8("throw"))).hears(ServerFrame.close(1011)).hearsEnd();
    }

    @Test
    @Tag("K4")
    void isBesideTheRoundTripsOfPingsByHand() {
        List<String> seen = new ArrayList<>();
        Conversation talk = Conversation.with(WebSocketHandler.frames(channel -> {
            channel.send(Frame.ping(utf8("hand")));
            channel.pingAsync().thenAccept(time -> seen.add("answered"));
            return new FrameHandler() {
                @Override
                public void onFrame(Frame frame) {
                    seen.add(frame.opcode().toString());
                }

                @Override
                public void onRoundTrip(Duration time) {
                    seen.add(time.toString());
                }
            };
        }));
        byte[] first = talk.next().bytes();
        byte[] second = talk.next().bytes();
        talk.passes(Duration.ofMillis(5)).says(pong(first)).passes(Duration.ofMillis(2)).says(pong(second));
        assertThat(seen).containsExactly("PT0.005S", "PONG", "answered", "PT0.007S", "PONG");
    }
}
