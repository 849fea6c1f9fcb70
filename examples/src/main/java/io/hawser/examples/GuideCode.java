// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.rawFrames;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.Attribute;
import io.hawser.BinaryMessage;
import io.hawser.ConnectionGroup;
import io.hawser.FrameHandler;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameSink;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the guides show. */
final class GuideCode {
    private static final Attribute<String> USER = Attribute.of("user");

    private GuideCode() {}

    /** The direct face's page. */
    static Map<String, WebSocketHandler> directFace() {
        WebSocketHandler shop = direct(socket -> {
            socket.send("What is your name?");
            String name = socket.receive().text();
            socket.send("Welcome, " + name);
        });
        WebSocketHandler upload = direct(socket -> {
            BinaryMessage file = (BinaryMessage) socket.receive();
            try (InputStream bytes = file.inputStream()) {
                socket.send(bytes.transferTo(OutputStream.nullOutputStream()) + " bytes");
            }
        }).with(o -> o.messages(MessagePolicy.streamed()));
        WebSocketHandler download = direct(socket -> {
            try (Reader text = new StringReader("a long text")) {
                socket.send(text);
            }
        });
        return Map.of("/shop", shop, "/upload", upload, "/download", download);
    }

    /** A handler that shows the streams face, the source it sends, and what feeds that. */
    record Ticker(WebSocketHandler handler, SubmissionPublisher<Message> source, Consumer<Message> feed) {}

    /** The streams face's page. */
    static Map<String, WebSocketHandler> streamsFace() {
        WebSocketHandler echo = streams(in -> in);
        WebSocketHandler streamedEcho = streams(in -> in).with(o -> o.messages(MessagePolicy.streamed()));
        return Map.of("/echo", echo, "/streamed", streamedEcho);
    }

    static Ticker ticker() {
        SubmissionPublisher<Message> prices = new SubmissionPublisher<>();
        WebSocketHandler ticker = streams(in -> prices);
        Consumer<Message> feed = price -> prices.offer(price, (slow, missed) -> false);
        return new Ticker(ticker, prices, feed);
    }

    /** The frames face's page. */
    static Map<String, WebSocketHandler> framesFace() {
        WebSocketHandler relay = frames(channel -> frame -> {
            switch (frame.opcode()) {
                case TEXT, BINARY, CONTINUATION -> channel.send(frame);
                case CLOSE, PING, PONG -> {}
            }
        });
        WebSocketHandler fragments = frames(channel -> frame -> {
            if (!frame.opcode().isControl()) {
                channel.send(frame);
            }
        }).with(o -> o.rawFragments(true));
        return Map.of("/relay", relay, "/fragments", fragments);
    }

    /** Stages in front of another face. */
    static Map<String, WebSocketHandler> stages() {
        FrameStage textOnly = FrameStage.incoming((frame, stage) -> {
            if (frame.opcode() != Opcode.BINARY) {
                return List.of(frame);
            }
            stage.fail(CloseStatus.of(1003, "text only"));
            return List.of();
        });
        FrameStage hidePings = FrameStage.incoming(
                (frame, stage) -> frame.opcode() == Opcode.PING ? List.of() : List.of(frame));
        FrameStage loud = FrameStage.outgoing((frame, stage) -> frame.opcode() == Opcode.TEXT
                ? List.of(Frame.text(frame.text().toUpperCase(Locale.ROOT)))
                : List.of(frame));
        WebSocketHandler echo = each(message -> message);
        WebSocketHandler staged = echo.with(o -> o.stages(textOnly, hidePings, loud));
        return Map.of("/staged", staged);
    }

    /** A stage with a state of its own. */
    static FrameStage counting(LongAdder frames) {
        FrameStage counter = context -> new FrameStage.Frames() {
            private long seen;

            @Override
            public List<Frame> incoming(Frame frame) {
                seen++;
                return List.of(frame);
            }

            @Override
            public void onClosed() {
                frames.add(seen);
            }
        };
        return counter;
    }

    /** A stage that keeps what passes in either direction. */
    static FrameStage recording(Queue<String> passed) {
        FrameStage recorder = context -> new FrameStage.Frames() {
            @Override
            public List<Frame> incoming(Frame frame) {
                passed.add("< " + frame);
                return List.of(frame);
            }

            @Override
            public List<Frame> outgoing(Frame frame) {
                passed.add("> " + frame);
                return List.of(frame);
            }

            @Override
            public void closeComes(Frame close) {
                passed.add("< " + close);
            }

            @Override
            public void closeLeaves(Frame close) {
                passed.add("> " + close);
            }
        };
        return recorder;
    }

    /** Round trips that are measured by pings of a stage. */
    static WebSocketHandler pinging(Queue<Duration> times) {
        WebSocketHandler watched = frames(channel -> new FrameHandler() {
            @Override
            public void onFrame(Frame frame) {}

            @Override
            public void onRoundTrip(Duration time) {
                times.add(time);
            }
        }).with(o -> o.stages(FrameStage.autoPing(Duration.ofSeconds(5))));
        return watched;
    }

    /** Frames of any length, as they come. */
    static WebSocketHandler sizes() {
        WebSocketHandler sizes = rawFrames(channel -> new FrameSink() {
            private long bytes;

            @Override
            public void onFrame(Opcode opcode, boolean fin, int rsv, long length) {
                bytes = 0;
            }

            @Override
            public void onPayload(ByteBuffer chunk) {
                bytes += chunk.remaining();
                chunk.position(chunk.limit()); // taken
            }

            @Override
            public void onFrameEnd() {
                channel.send(Frame.text(bytes + " bytes"));
            }
        });
        return sizes;
    }

    /** A chat room. */
    static WebSocketHandler chat() {
        ConnectionGroup room = ConnectionGroup.droppingSlow();
        WebSocketHandler chat = direct(socket -> {
            room.add(socket);
            for (Message message : socket) {
                room.sendToOthers(socket, message);
            }
        });
        return chat;
    }

    /** An application whose handler knows whom it talks to. */
    static HttpHandler authorised() {
        WebSocketHandler greeter = direct(socket -> socket.send("Hello " + socket.get(USER).orElseThrow()));
        HttpHandler app = request -> {
            Optional<String> user = userOf(request); // by its token or cookie
            return user.isEmpty()
                    ? Response.text(401, "who are you?")
                    : HttpHandler.webSocket(greeter).handle(request.with(USER, user.get()));
        };
        return app;
    }

    private static Optional<String> userOf(Request request) {
        return request.headers().firstValue("Authorization").filter("Bearer secret"::equals).map(token -> "Ann");
    }
}
