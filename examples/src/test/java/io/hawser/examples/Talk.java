// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import io.hawser.HttpHandler;
import io.hawser.WebSocketHandler;
import io.hawser.server.HawserServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of some handlers, and the JDK's client that talks to one of them. */
final class Talk implements AutoCloseable {
    private static final long HANG_GUARD_SECONDS = 30;

    private final HawserServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Heard heard = new Heard();
    private final WebSocket socket;

    private Talk(HttpHandler application, String path, String... subprotocols) {
        server = HawserServer.start(o -> o.port(0), application);
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder = builder.subprotocols(subprotocols[0]);
        }
        socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), heard)
                .orTimeout(HANG_GUARD_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static Talk with(Map<String, WebSocketHandler> handlers, String path) {
        return new Talk(request -> HttpHandler.webSocket(handlers.get(request.path())).handle(request), path);
    }

    static Talk with(HttpHandler application, String path, String... subprotocols) {
        return new Talk(application, path, subprotocols);
    }

    void says(String text) {
        socket.sendText(text, true).orTimeout(HANG_GUARD_SECONDS, TimeUnit.SECONDS).join();
    }

    void says(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).orTimeout(HANG_GUARD_SECONDS, TimeUnit.SECONDS).join();
    }

    /** The next text, or "closed with" and its code. */
    String hears() throws InterruptedException {
        String next = heard.events.poll(HANG_GUARD_SECONDS, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    @Override
    public void close() {
        socket.abort();
        client.close();
        server.close();
    }

    private static final class Heard implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                events.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            events.add("closed with " + code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            events.add("failed: " + failure);
        }
    }
}
