// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import io.hawser.BinaryMessage;
import io.hawser.Connection;
import io.hawser.MessagePolicy;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketOptions;
import io.hawser.client.ConnectOptions;
import io.hawser.client.HawserClient;
import io.hawser.http.HeaderFields;
import io.hawser.http.KnownRequest;
import io.hawser.protocol.handshake.HandshakeHeaders;
import io.hawser.server.HawserServer;
import io.hawser.testkit.memory.Door;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a test asks of its server. */
final class Requests {
    /** Connecting has a limit of its own, which is shorter. */
    private static final Duration LONGEST = Duration.ofDays(2);
    /** How long a message may be that a probe by hand receives whole. */
    private static final long WHOLE_BYTES = 64 << 10;

    private final Scene scene;
    private final HawserServer server;

    Requests(Scene scene, HawserServer server) {
        this.scene = scene;
        this.server = server;
    }

    URI uri(String target) {
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException("a target begins with a slash, as in /chat?room=1, not as " + target + " does");
        }
        return URI.create("ws://" + authority() + target);
    }

    private String authority() {
        return "127.0.0.1:" + server.port();
    }

    // ---- HTTP

    Response ask(String method, String target, Map<String, String> headers, byte[] body) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        fields.add(Map.entry("host", authority()));
        headers.forEach((name, value) -> {
            HandshakeHeaders.requireField(name, value);
            fields.add(Map.entry(name, value));
        });
        Door door = scene.network().door(server.port())
                .orElseThrow(() -> new IllegalStateException("the server is closed, so it cannot be asked for " + target));
        if (body.length > 0) {
            fields.add(Map.entry("content-length", Integer.toString(body.length)));
        }
        SocketAddress address = scene.network().newAddresses(server.port()).remote();
        Request request = new Request(new KnownRequest(
                method, target, "HTTP/1.1", HeaderFields.received(fields), address, address, BinaryMessage.wrap(body).chunks()));
        AtomicReference<Door.@Nullable Reply> told = new AtomicReference<>();
        scene.world().execute(() -> door.ask(request, told::set));
        if (!scene.world().await(() -> told.get() != null, scene.options().within())) {
            throw Report.failure(scene, null, "a response to " + request, "none came within " + Shown.time(scene.options().within()));
        }
        return switch (Objects.requireNonNull(told.get())) {
            case Door.Reply.Plain(Response response) -> response;
            case Door.Reply.Cut(Response head, Throwable why) ->
                throw Report.failure(scene, null, "a response to " + request, "the body of " + head + " broke off: " + why);
            case Door.Reply.Switched(Response response, Door.Joining unused) -> response;
        };
    }

    // ---- WebSocket

    Upgrade upgrade(HawserClient client, String target, boolean byHand, UnaryOperator<ConnectOptions> change) {
        ProbeHandler handler = new ProbeHandler(scene, byHand);
        CompletableFuture<Connection> opened = client.connectAsync(
                uri(target), handler.handler(), o -> change.apply(byHand ? o.webSocket(Requests::wholeIfShort) : o));
        try {
            Connection connection = result(target, opened);
            return new Upgrade(scene, target, connection.response(), new Probe(scene, connection, handler));
        } catch (CompletionException e) {
            return new Upgrade(scene, target, refusal(target, e), null);
        }
    }

    /** What a test receives by hand is shown with its text, and counts by messages, unless it is long; what the test has set is left. */
    private static WebSocketOptions wholeIfShort(WebSocketOptions options) {
        MessagePolicy chosen = options.messages();
        boolean ofProbes = chosen.strictBytes() < 0 && chosen.maxBytes() == Long.MAX_VALUE;
        return ofProbes ? options.messages(MessagePolicy.strictUpTo(WHOLE_BYTES, Long.MAX_VALUE)) : options;
    }

    Connection connect(HawserClient client, String target, WebSocketHandler handler, UnaryOperator<ConnectOptions> change) {
        CompletableFuture<Connection> opened = client.connectAsync(uri(target), handler, change);
        try {
            return result(target, opened);
        } catch (CompletionException e) {
            throw refused(scene, target, refusal(target, e));
        }
    }

    /** The connection; the client has a time-out of its own. */
    private Connection result(String target, CompletableFuture<Connection> opened) {
        if (!scene.world().await(opened::isDone, LONGEST)) {
            throw Report.failure(scene, null, "a response to the upgrade of GET " + target, "none came within " + Shown.time(LONGEST));
        }
        return opened.join();
    }

    /** What the server said. */
    private Response refusal(String target, CompletionException failed) {
        Throwable failure = Objects.requireNonNull(failed.getCause());
        if (failure instanceof UpgradeRefusedException refused) {
            return Response.received(refused.status(), refused.headers(), bytesOf(refused.body()));
        }
        AssertionError error = Report.failure(scene, null, "a response to the upgrade of GET " + target, "there is none: " + failure.getMessage());
        error.addSuppressed(failure);
        throw error;
    }

    static AssertionError refused(Scene scene, String target, Response response) {
        StringBuilder told = new StringBuilder("the server refused with ").append(response.status());
        response.headers().map().forEach((name, values) -> values.forEach(value -> told.append("\n  ").append(name).append(": ").append(value)));
        if (response.bodyBytes().hasRemaining()) {
            told.append("\n  ").append(Shown.quoted(response.bodyText()));
        }
        return Report.failure(scene, null, "GET " + target + " to be upgraded to WebSocket", told.toString());
    }

    private static byte[] bytesOf(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }
}
