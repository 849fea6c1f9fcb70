// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;

import io.hawser.BinaryMessage;
import io.hawser.FrameChannel;
import io.hawser.FrameHandler;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.UnexpectedMessageException;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** What the demo serves: a page, a health check, and a WebSocket for each thing there is to show. */
final class DemoApplication {
    private static final int ECHO_BYTES = 64 << 20;
    private static final int SMALL_BYTES = 1024;

    private DemoApplication() {}

    static HttpHandler of(Chat chat) {
        Response page = fresh(Response.html(resource("demo.html")));
        WebSocketHandler echo = large(streams(in -> in));
        return routes(
                path("/", get(request -> page), webSocket(echo)), // what asks for an upgrade is no browser that shows pages
                path("/healthz", get(request -> fresh(Response.text("ok")))),
                path("/echo",
                        webSocket(echo),
                        path("/streams", webSocket(echo)),
                        path("/direct", webSocket(large(direct(DemoApplication::echo)))),
                        path("/frames", webSocket(large(frames(DemoApplication::echo))))),
                path("/small", webSocket(each(message -> message).with(o -> o.messages(MessagePolicy.strict(SMALL_BYTES))))),
                path("/greeter", webSocket(each(DemoApplication::greet).with(o -> o.messages(MessagePolicy.streamed())))),
                path("/upper", webSocket(frames(DemoApplication::raise))),
                path("/ticks", webSocket(streams(in -> new Ticks()))),
                path("/chat/{room}",
                        webSocket(request -> chat.named(request.pathParam("room")), "chat.v2"),
                        webSocket(request -> chat.plain(request.pathParam("room")), "chat.v1")));
    }

    private static void echo(WebSocket socket) {
        for (Message message : socket) {
            socket.send(message);
        }
    }

    private static FrameHandler echo(FrameChannel channel) {
        return frame -> {
            if (!frame.opcode().isControl()) {
                channel.send(frame);
            }
        };
    }

    private static FrameHandler raise(FrameChannel channel) {
        return frame -> {
            switch (frame.opcode()) {
                case TEXT -> channel.send(Frame.text(frame.text().toUpperCase(Locale.ROOT)));
                case BINARY -> channel.closeAsync(CloseStatus.of(CloseStatus.UNSUPPORTED_DATA, "text only"));
                case CONTINUATION, CLOSE, PING, PONG -> {}
            }
        };
    }

    /** Begins to answer before the name has ended, of whatever length it is. */
    private static Message greet(Message message) {
        return switch (message) {
            case TextMessage name -> TextMessage.streamed(new Greeting(name.chunks()));
            case BinaryMessage other -> throw new UnexpectedMessageException("a name is text, not " + other);
        };
    }

    private static WebSocketHandler large(WebSocketHandler handler) {
        return handler.with(o -> o.messages(MessagePolicy.strict(ECHO_BYTES)));
    }

    /** What there is, for people to read. */
    static String overview() {
        return """
                GET /           the page; to an upgrade, /echo
                GET /healthz    ok
                /echo           echo of each message, up to 64 MiB
                /echo/streams   the same, by a stream of messages
                /echo/direct    the same, by blocking code on a virtual thread
                /echo/frames    the same, frame by frame
                /small          echo, messages up to 1,024 bytes
                /greeter        NAME in, Hello NAME! out, as it comes
                /upper          text in, upper-cased text out
                /ticks          1, 2, 3, … ten a second
                /chat/{room}    what one says all in the room hear; two subprotocols:
                   chat.v2      {"name", "text"} in, {"name", "text", "time"} out
                   chat.v1      text in, text out; (no name) to those of chat.v2""";
    }

    private static Response fresh(Response response) {
        return response.withHeader("Cache-Control", "no-cache");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(DemoApplication.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
