// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.Attribute;
import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.UpgradeRefusedException;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.client.HttpProxyServer;
import io.hawser.server.HawserServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client's guide shows, run against a server that has a path for each part. */
@Timeout(60)
class ClientGuideTest {
    private static final Attribute<String> GREETING = Attribute.of("greeting");

    private static final WebSocketHandler GREETER = direct(socket -> {
        socket.send(socket.get(GREETING).orElse("Hello"));
        socket.receive();
    });
    private static final WebSocketHandler ANSWERING = direct(socket -> socket.send("Hello " + socket.receive().text()));
    private static final WebSocketHandler REJECTING = direct(socket -> socket.close(4000, "closing time"));

    private HawserServer server;
    private HawserClient client;

    @BeforeEach
    void start() {
        server = HawserServer.start(o -> o.port(0), HttpHandler.async(request -> request.path().equals("/silent")
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(answer(request))));
        client = HawserClient.create(o -> o);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static Response answer(Request request) {
        return switch (request.path()) {
            case "/answering" -> accepted(request, ANSWERING);
            case "/rejecting" -> accepted(request, REJECTING);
            case "/chat" -> request.upgrade().map(u -> u.subprotocols().isEmpty() ? u.accept(GREETER) : u.accept(GREETER, "chat.v1")).orElseThrow();
            case "/agent" -> greeting(request, "User-Agent");
            case "/authorised" -> greeting(request, "Authorization");
            case "/cookie" -> greeting(request, "Cookie");
            case "/moved" -> Response.of(307).withHeader("Location", "/cookie").withHeader("Set-Cookie", "berth=7");
            case "/greeter" -> accepted(request, GREETER);
            default -> Response.text(404, "nothing at " + request.path());
        };
    }

    private static Response accepted(Request request, WebSocketHandler handler) {
        return request.upgrade().map(u -> u.accept(handler)).orElseThrow();
    }

    /** Accepts, and greets with a field of the request. */
    private static Response greeting(Request request, String field) {
        return accepted(request.with(GREETING, request.headers().firstValue(field).orElse("nothing")), GREETER);
    }

    private URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + server.port() + path);
    }

    private static String greeted(HawserClient by, URI uri) {
        try (WebSocket socket = by.connect(uri)) {
            return socket.receive().text();
        }
    }

    @Test
    void connects() {
        List<String> answers = new ArrayList<>();
        ClientGuideCode.connect(uri("/answering").toString(), answers::add);
        assertThat(answers).containsExactly("Hello Peter");
    }

    @Test
    void takesOptions() {
        try (HawserClient own = ClientGuideCode.ofItsOwn()) {
            assertThat(greeted(own, uri("/agent"))).isEqualTo("quay/1.0");
        }
        try (WebSocket socket = ClientGuideCode.withOptions(client, uri("/chat"))) {
            assertThat(socket.subprotocol()).contains("chat.v1");
        }
    }

    @Test
    void tellsWhyThereIsNoConnection() throws Exception {
        assertThat(ClientGuideCode.tryOnce(client, uri("/greeter"))).isEqualTo("Hello");
        assertThat(ClientGuideCode.tryOnce(client, uri("/nobody"))).isEqualTo("refused with 404: nothing at /nobody");
        assertThat(ClientGuideCode.tryOnce(client, uri("/rejecting"))).isEqualTo("ended with 4000");
        assertThat(ClientGuideCode.tryLater(client, uri("/chat")).get(30, TimeUnit.SECONDS)).isEqualTo("none");
        assertThat(ClientGuideCode.tryLater(client, uri("/nobody")).get(30, TimeUnit.SECONDS)).isEqualTo("nobody there");
        server.close();
        assertThat(ClientGuideCode.tryOnce(client, uri("/greeter"))).startsWith("no connection: cannot connect to " + uri("/greeter") + ": ");
        assertThat(ClientGuideCode.tryLater(client, uri("/greeter")).get(30, TimeUnit.SECONDS)).isEqualTo("failed");
    }

    @Test
    void isAuthorised() {
        try (HawserClient authorised = ClientGuideCode.authorised("b3RoZXI=")) {
            assertThat(greeted(authorised, uri("/authorised"))).isEqualTo("Bearer b3RoZXI=");
        }
    }

    @Test
    void goesThroughAProxy() throws Exception {
        try (HttpProxyServer proxy = new HttpProxyServer(HttpProxyServer.CONSENT)) {
            InetSocketAddress address = (InetSocketAddress) proxy.proxy().address();
            try (HawserClient through = ClientGuideCode.throughAProxy(address.getHostString(), address.getPort(), "secret")) {
                assertThat(greeted(through, uri("/greeter"))).isEqualTo("Hello");
            }
            assertThat(proxy.head()).contains("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1");
        }
        try (HawserClient system = ClientGuideCode.throughTheSystemsProxies()) {
            assertThat(greeted(system, uri("/greeter"))).isEqualTo("Hello");
        }
    }

    @Test
    void followsRedirectsAndKeepsCookies() {
        try (HawserClient redirected = ClientGuideCode.redirected()) {
            assertThat(greeted(redirected, uri("/moved"))).isEqualTo("berth=7");
        }
        assertThatExceptionOfType(UpgradeRefusedException.class)
                .isThrownBy(() -> greeted(client, uri("/moved")))
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(307));
    }

    @Test
    void runsOnTheServersLoops() {
        assertThat(ClientGuideCode.besideAServer(server, uri("/greeter"))).isEqualTo("Hello");
    }

    @Test
    void isCancelled() {
        assertThat(ClientGuideCode.cancelled(client, uri("/silent"))).isCancelled();
    }
}
