// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.route.Routes.around;
import static io.hawser.route.Routes.authenticated;
import static io.hawser.route.Routes.basicAuth;
import static io.hawser.route.Routes.delete;
import static io.hawser.route.Routes.files;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.mapResponse;
import static io.hawser.route.Routes.origins;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.post;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.put;
import static io.hawser.route.Routes.resources;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;
import static io.hawser.route.Routes.webSocketPreferring;

import io.hawser.Attribute;
import io.hawser.HttpHandler;
import io.hawser.HttpStatusException;
import io.hawser.Message;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.route.Route;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** What the guide to routes shows. */
final class RoutingGuideCode {
    private RoutingGuideCode() {}

    static final Attribute<String> USER = Attribute.of("user");

    static HttpHandler app(String page, WebSocketHandler greeter) {
        Map<String, String> rooms = new ConcurrentHashMap<>();
        HttpHandler app = routes(
                path("/", get(request -> Response.html(page))),
                path("/greeter", webSocket(greeter)),
                path("/rooms/{room}",
                        get(r -> Optional.ofNullable(rooms.get(r.pathParam("room"))).map(Response::text).orElse(Response.of(404))),
                        put(r -> {
                            rooms.put(r.pathParam("room"), r.bodyText());
                            return Response.of(204);
                        }),
                        delete(r -> Response.of(rooms.remove(r.pathParam("room")) == null ? 404 : 204))));
        return app;
    }

    static HttpHandler paths() {
        HttpHandler app = routes(
                path("/rooms/{room}", get(r -> Response.text("room " + r.pathParam("room")))),
                path("/rooms/new", post(r -> Response.text("a new room"))),
                path("/docs/{page...}", get(r -> Response.text("page " + r.pathParam("page")))),
                prefix("/admin",
                        path("", get(r -> Response.text("overview"))),
                        path("/users", get(r -> Response.text("users")))));
        return app;
    }

    static HttpHandler ways() {
        HttpHandler app = routes(
                path("/blocking", get(request -> Response.text(Thread.currentThread().isVirtual() + ""))),
                path("/async", get(HttpHandler.async(request -> CompletableFuture.supplyAsync(() -> Response.text("later"))))));
        return app;
    }

    // ---- WebSocket

    static WebSocketHandler plainChat(String room) {
        return each(message -> TextMessage.of(room + ": " + message.text()));
    }

    static WebSocketHandler chat(String room) {
        return direct(socket -> {
            for (Message message : socket) {
                socket.send("{\"room\": \"" + room + "\", \"text\": \"" + message.text() + "\"}");
            }
        });
    }

    static HttpHandler chats() {
        HttpHandler app = routes(
                path("/chat/{room}",
                        webSocket(r -> chat(r.pathParam("room")), "chat.v2"), // the server's order decides
                        webSocket(r -> plainChat(r.pathParam("room")), "chat.v1")),
                path("/lobby", webSocketPreferring("chat.v1", plainChat("lobby"))));
        return app;
    }

    static HttpHandler byHand() {
        Route own = path("/own", get(request -> request.upgrade()
                .map(upgrade -> upgrade.subprotocols().contains("chat.v3")
                        ? Response.text(503, "not yet")
                        : upgrade.accept(plainChat("own")).withHeader("Set-Cookie", "seen=yes"))
                .orElseGet(request::upgradeRefusal)));
        return routes(own);
    }

    static HttpHandler embedded(WebSocketHandler greeter) {
        HttpHandler app = routes(
                path("/greeter", webSocket(greeter)),
                origins(List.of("https://partner.example"),
                        path("/embedded", webSocket(greeter))));
        return app;
    }

    // ---- who asks

    static Optional<String> verify(Optional<String> token) {
        return token.filter("secret"::equals).map(known -> "Ada");
    }

    static HttpHandler members() {
        HttpHandler app = routes(
                path("/", get(request -> Response.text("for all"))),
                authenticated(USER, request -> verify(request.bearerToken().or(() -> request.cookie("session"))),
                        path("/me", get(request -> Response.text(request.get(USER).orElseThrow()))),
                        path("/chat/{room}", webSocket(request -> plainChat(request.get(USER).orElseThrow())))));
        return app;
    }

    static HttpHandler admins(byte[] passwordOfAdmin) {
        Route admin = prefix("/admin", basicAuth("admin", USER,
                (user, password) -> MessageDigest.isEqual(password.getBytes(StandardCharsets.UTF_8), passwordOfAdmin)
                        ? Optional.of(user)
                        : Optional.empty(),
                path("/users", get(request -> Response.text("users, for " + request.get(USER).orElseThrow())))));
        return routes(admin);
    }

    // ---- around routes

    static HttpHandler logged(Consumer<String> log, Route... inner) {
        HttpHandler app = routes(around(
                (request, next) -> next.apply(request).thenApply(response -> {
                    log.accept(request + ": " + response.status());
                    return response;
                }),
                inner));
        return app;
    }

    static HttpHandler withHeader(Route... inner) {
        return routes(mapResponse(response -> response.withHeader("X-Content-Type-Options", "nosniff"), inner));
    }

    // ---- files

    static HttpHandler site(Path folder) {
        HttpHandler app = routes(
                files("/assets", folder),
                mapResponse(response -> response.withHeader("Cache-Control", "max-age=3600"),
                        resources("/static", RoutingGuideCode.class, "web")));
        return app;
    }

    // ---- bodies

    static HttpHandler transfers(Path folder, Path large, Flow.Publisher<ByteBuffer> events) {
        HttpHandler app = routes(
                path("/upload", post(request -> {
                    Path file = Files.createTempFile(folder, "upload", null);
                    try (InputStream in = request.bodyInputStream()) { // waits for the client, and the client for the disk
                        return Response.text(201, Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING) + " bytes");
                    }
                })),
                path("/download", get(request -> Response.file(large))), // conditions and ranges are answered
                path("/events", get(request -> Response.of(200, events).withHeader("Content-Type", "text/event-stream"))));
        return app;
    }

    // ---- what is refused, and routes of one's own

    static HttpHandler failing(Map<String, String> rooms) {
        Route room = path("/rooms/{room}", get(request -> {
            String text = rooms.get(request.pathParam("room"));
            if (text == null) {
                throw new HttpStatusException(404, "no such room");
            }
            return Response.text(text);
        }));
        return routes(room);
    }

    static Route host(String name, Route inner) {
        return request -> request.header("Host").filter(name::equalsIgnoreCase).isPresent()
                ? inner.choose(request)
                : Route.Rejected.noPath();
    }

    static HttpHandler hosts(Route one, Route other) {
        HttpHandler app = routes(host("one.example", one), host("two.example", other));
        return app;
    }
}
