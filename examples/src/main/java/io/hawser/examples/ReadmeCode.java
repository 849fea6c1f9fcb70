// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.frames;
import static io.hawser.WebSocketHandler.streams;
import static io.hawser.route.Routes.files;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.put;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;

import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.Frame;
import io.hawser.protocol.Opcode;
import io.hawser.server.HawserServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Consumer;

/** What README shows in pieces. */
final class ReadmeCode {
    private ReadmeCode() {}

    /** A handler in each face, by its path, and what feeds the news. */
    record Faces(Map<String, WebSocketHandler> handlers, Consumer<Message> announce) {}

    static Faces faces() {
        // direct: blocking code, a virtual thread a connection; it may throw anything
        WebSocketHandler shout = direct(socket -> {
            for (Message message : socket) {
                socket.send(message.text().toUpperCase(Locale.ROOT));
            }
        });

        // streams: here one publisher feeds all connections; one that does not keep up misses messages, and holds up nobody
        SubmissionPublisher<Message> news = new SubmissionPublisher<>();
        WebSocketHandler feed = streams(in -> news);
        Consumer<Message> announce = message -> news.offer(message, (slow, missed) -> false);

        // frames: what RFC 6455 puts on the wire; pings and closes are answered already
        WebSocketHandler upper = frames(channel -> frame -> {
            if (frame.opcode() == Opcode.TEXT) {
                channel.send(Frame.text(frame.text().toUpperCase(Locale.ROOT)));
            }
        });
        return new Faces(Map.of("/shout", shout, "/news", feed, "/upper", upper), announce);
    }

    /** Upgrades, accepted and refused. */
    static HttpHandler upgrades() {
        WebSocketHandler greeter = each(name -> TextMessage.of("Hello " + name.text() + "!"));
        WebSocketHandler shout = Objects.requireNonNull(faces().handlers().get("/shout"));
        HttpHandler app = request -> switch (request.path()) {
            case "/greeter" -> request.upgrade().map(u -> u.accept(greeter)).orElseGet(request::upgradeRefusal);
            case "/chat" -> request.upgrade()
                    .filter(u -> u.subprotocols().contains("chat.v2"))
                    .map(u -> u.accept(shout, "chat.v2").withHeader("Set-Cookie", "seen=1"))
                    .orElse(Response.text(400, "chat.v2 is spoken here"));
            default -> Response.text(404, "There is nothing at " + request.path());
        };
        return app;
    }

    /** Routes, for what is HTTP and what is WebSocket. */
    static HttpHandler site(Path folder) {
        Map<String, String> cargo = new ConcurrentHashMap<>();
        WebSocketHandler shout = Objects.requireNonNull(faces().handlers().get("/shout"));
        HttpHandler site = routes(
                path("/", get(request -> Response.html("<h1>Quay 7</h1>"))),
                path("/cargo/{id}",
                        get(r -> Optional.ofNullable(cargo.get(r.pathParam("id"))).map(Response::text).orElse(Response.of(404))),
                        put(r -> {
                            cargo.put(r.pathParam("id"), r.bodyText());
                            return Response.of(204);
                        })),
                path("/chat/{room}", webSocket(r -> room(r.pathParam("room")), "chat.v2"), webSocket(shout, "chat.v1")),
                files("/assets", folder));
        return site;
    }

    private static WebSocketHandler room(String name) {
        return each(message -> TextMessage.of(name + ": " + message.text()));
    }

    /** A client. */
    static String client(int port) {
        try (WebSocket socket = HawserClient.shared().connect("ws://localhost:" + port + "/greeter")) {
            socket.send("Peter");
            String answer = socket.receive().text();
            Duration roundTrip = socket.ping();
            return answer + " " + roundTrip.toMillis() + " ms";
        }
    }

    /** Both over TLS. */
    static String overTls(Path chain, Path key, Path authority, HttpHandler app) {
        try (HawserServer server = HawserServer.start(o -> o.port(0).tls(t -> t.certificate(chain, key)), app);
                HawserClient client = HawserClient.create(o -> o.tls(t -> t.trust(authority)));
                WebSocket socket = client.connect("wss://localhost:" + server.port() + "/greeter")) {
            socket.send("Peter");
            return socket.receive().text();
        }
    }

    /** Options, of a server and of a handler. */
    static WebSocketHandler options(HttpHandler app, WebSocketHandler greeter) {
        HawserServer.start(o -> o.port(8080).webSocket(w -> w.closeTimeout(Duration.ofSeconds(1))), app);   // for all handlers
        WebSocketHandler large = greeter.with(o -> o.messages(MessagePolicy.strict(64 << 20)));             // for this one
        return large;
    }
}
