// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.memory;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.streams;

import io.hawser.BinaryMessage;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.Transport;
import io.hawser.UnexpectedMessageException;
import io.hawser.WebSocketHandler;
import io.hawser.server.HawserServer;
import java.util.Map;

/** A process that echoes streamed messages in several faces. It prints its port, and ends with its input. */
final class StreamedEcho {
    private static final Map<String, WebSocketHandler> HANDLERS = Map.of(
            "/streams", streams(in -> in),
            "/each", each(message -> BinaryMessage.streamed(binary(message).chunks())),
            "/direct", direct(socket -> {
                for (Message message : socket) {
                    socket.send(binary(message).inputStream());
                }
            }));

    private StreamedEcho() {}

    public static void main(String[] arguments) throws Exception {
        HttpHandler application = request -> {
            WebSocketHandler handler = HANDLERS.get(request.path());
            return handler == null
                    ? Response.text(404, "There is nothing at " + request.path())
                    : HttpHandler.webSocket(handler).handle(request);
        };
        try (HawserServer server = HawserServer.start(
                // Not io_uring, which runs out of direct memory here
                o -> o.port(0).transport(Transport.EPOLL).webSocket(w -> w.messages(MessagePolicy.streamed())), application)) {
            System.out.println(server.port());
            while (System.in.read() >= 0) {}
        }
    }

    private static BinaryMessage binary(Message message) {
        return switch (message) {
            case BinaryMessage bytes -> bytes;
            case TextMessage text -> throw new UnexpectedMessageException("bytes were expected, not " + text);
        };
    }
}
