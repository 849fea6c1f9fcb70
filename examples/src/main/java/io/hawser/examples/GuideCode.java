// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.BinaryMessage;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.WebSocketHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.util.Map;
import java.util.concurrent.SubmissionPublisher;

/** What the guides show. */
final class GuideCode {
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

    /** A handler that shows the streams face, and the source it sends. */
    record Ticker(WebSocketHandler handler, SubmissionPublisher<Message> source) {}

    /** The streams face's page. */
    static Map<String, WebSocketHandler> streamsFace() {
        WebSocketHandler echo = streams(in -> in);
        WebSocketHandler streamedEcho = streams(in -> in).with(o -> o.messages(MessagePolicy.streamed()));
        return Map.of("/echo", echo, "/streamed", streamedEcho);
    }

    static Ticker ticker() {
        SubmissionPublisher<Message> prices = new SubmissionPublisher<>();
        WebSocketHandler ticker = streams(in -> prices);
        return new Ticker(ticker, prices);
    }

    /** The frames face's page. */
    static Map<String, WebSocketHandler> framesFace() {
        WebSocketHandler relay = frames(channel -> frame -> {
            switch (frame.opcode()) {
                case TEXT, BINARY, CONTINUATION -> channel.send(frame);
                case CLOSE, PING, PONG -> {}
            }
        });
        return Map.of("/relay", relay);
    }
}
