// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.BinaryMessage;
import io.hawser.HttpHandler;
import io.hawser.HttpStatusException;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.UnexpectedMessageException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketUpgrade;
import io.hawser.protocol.CloseStatus;
import io.hawser.protocol.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the demo serves: a page, a health check, and a WebSocket for each thing there is to show. */
final class DemoApplication implements HttpHandler {
    private static final int ECHO_BYTES = 64 << 20;
    private static final int SMALL_BYTES = 1024;
    private static final WebSocketHandler ECHO = large(streams(in -> in));

    private final String page = resource("demo.html");
    private final Map<String, HttpHandler> webSockets = webSockets();
    private final Chat chat;

    DemoApplication(Chat chat) {
        this.chat = chat;
    }

    private static Map<String, HttpHandler> webSockets() {
        Map<String, WebSocketHandler> handlers = new LinkedHashMap<>();
        handlers.put("/echo", ECHO);
        handlers.put("/echo/streams", ECHO);
        handlers.put("/echo/direct", large(direct(socket -> {
            for (Message message : socket) {
                socket.send(message);
            }
        })));
        handlers.put("/echo/frames", large(frames(channel -> frame -> {
            if (!frame.opcode().isControl()) {
                channel.send(frame);
            }
        })));
        handlers.put("/small", each(message -> message).with(o -> o.messages(MessagePolicy.strict(SMALL_BYTES))));
        handlers.put("/greeter", each(DemoApplication::greet).with(o -> o.messages(MessagePolicy.streamed())));
        handlers.put("/upper", frames(channel -> frame -> {
            switch (frame.opcode()) {
                case TEXT -> channel.send(Frame.text(frame.text().toUpperCase(Locale.ROOT)));
                case BINARY -> channel.closeAsync(CloseStatus.of(CloseStatus.UNSUPPORTED_DATA, "text only"));
                case CONTINUATION, CLOSE, PING, PONG -> {}
            }
        }));
        handlers.put("/ticks", streams(in -> new Ticks()));
        return handlers.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> HttpHandler.webSocket(e.getValue())));
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

    @Override
    public Response handle(Request request) throws Exception {
        HttpHandler webSocket = webSockets.get(request.path());
        if (webSocket != null) {
            return webSocket.handle(request);
        }
        if (request.path().startsWith("/chat/")) {
            return request.upgrade().map(u -> chat(u, request.path())).orElseGet(request::upgradeRefusal);
        }
        return switch (request.path()) {
            // One path may be both: a page to a browser, an echo to whatever asks for an upgrade.
            case "/" -> request.upgrade().map(u -> u.accept(ECHO)).orElseGet(() -> get(request, Response.html(page)));
            case "/healthz" -> get(request, Response.text(200, "ok"));
            default -> Response.text(404, "There is nothing at " + request.path());
        };
    }

    private Response chat(WebSocketUpgrade upgrade, String path) {
        String room = path.substring("/chat/".length());
        try {
            return upgrade.subprotocols().contains("chat.v2") ? upgrade.accept(chat.named(room), "chat.v2")
                    : upgrade.subprotocols().contains("chat.v1") ? upgrade.accept(chat.plain(room), "chat.v1")
                    : Response.text(400, "Offer one of the subprotocols chat.v2, chat.v1");
        } catch (HttpStatusException refused) {
            return Response.text(refused.status(), String.valueOf(refused.getMessage()));
        }
    }

    private static Response get(Request request, Response response) {
        return request.method().equals("GET") || request.method().equals("HEAD")
                ? response.withHeader("Cache-Control", "no-cache")
                : Response.text(405, "GET or HEAD only").withHeader("Allow", "GET, HEAD");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(DemoApplication.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
