// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static io.hawser.WebSocketHandler.each;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The application of the server under test: one path a behaviour, and what a test puts beside them. It notes what it is asked for. */
final class Site implements HttpHandler {
    /** What the innocent connection speaks, so that no deadline of HTTP ends it. */
    static final String INNOCENT = "/innocent";

    /** What no request asks for, unless one was smuggled in. */
    static final String HIDDEN = "/hidden";

    private final Map<String, HttpHandler> routes = new ConcurrentHashMap<>();
    private volatile HttpHandler otherwise;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    Site() {
        reset();
    }

    /** Forgets what a test has added and asked. */
    void reset() {
        routes.clear();
        asked.clear();
        otherwise = request -> Response.text(404, "nothing at " + request.path());
        routes.put(INNOCENT, HttpHandler.webSocket(each(message -> message)));
        routes.put("/hello", request -> Response.text("hello " + request.target()));
        routes.put("/echo", request -> Response.of(200, request.bodyBytes()));
        routes.put("/length", request -> Response.text("" + length(request)));
        routes.put("/leave", request -> Response.text("left"));
    }

    private static long length(Request request) throws Exception {
        try (InputStream body = request.bodyInputStream()) {
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    void route(String path, HttpHandler handler) {
        routes.put(path, handler);
    }

    /** What answers where no path is known; 404 at first. */
    void otherwise(HttpHandler handler) {
        otherwise = handler;
    }

    /** What it was asked for, as in "GET /hello", oldest first. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public Response handle(Request request) throws Exception {
        return handlerOf(request).handle(request);
    }

    /** The same on the loop, where those that read a body don't wait for it. */
    CompletionStage<Response> answer(Request request) {
        HttpHandler handler = handlerOf(request);
        try {
            if (request.path().equals("/echo")) {
                return request.bodyBytesAsync(HttpTarget.MAX_BODY).thenApply(body -> Response.of(200, body));
            }
            return handler instanceof Async async ? async.answer().apply(request) : CompletableFuture.completedStage(handler.handle(request));
        } catch (Exception e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private HttpHandler handlerOf(Request request) {
        asked.add(request.method() + " " + request.target());
        return routes.getOrDefault(request.path(), otherwise);
    }
}
