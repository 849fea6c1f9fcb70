// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hawser.Closed;
import io.hawser.ConnectFailedException;
import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.Tls;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.tls.Certificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On sockets, as what it is for. */
@Timeout(60)
class EphemeralServerTest {
    private static final WebSocketHandler GREETER = each(name -> TextMessage.of("Hello " + name.text() + "!"));
    private static final HttpHandler APP = request -> request.path().equals("/greeter")
            ? request.upgrade().map(upgrade -> upgrade.accept(GREETER)).orElseGet(request::upgradeRefusal)
            : Response.text(404, "There is nothing at " + request.path());

    private static String greeting(WebSocket socket) {
        try (socket) {
            socket.send("Peter");
            return socket.receive().text();
        }
    }

    @Test
    void connectsByPathUriAndClient() {
        try (EphemeralServer server = EphemeralServer.start(APP)) {
            assertThat(greeting(server.connect("/greeter"))).isEqualTo("Hello Peter!");
            assertThat(greeting(server.client().connect(server.uri("/greeter?loud"), o -> o))).isEqualTo("Hello Peter!");
            assertThat(server.uri("/greeter")).isEqualTo(URI.create("ws://127.0.0.1:" + server.server().port() + "/greeter"));
            assertThat(server).hasToString("server at ws://127.0.0.1:" + server.server().port() + "/");
        }
    }

    @Test
    void takesAHandlerForEveryUpgrade() {
        try (EphemeralServer server = EphemeralServer.start(GREETER)) {
            assertThat(greeting(server.connect("/anywhere"))).isEqualTo("Hello Peter!");
        }
    }

    @Test
    void answersOtherClientsOfHttp() throws Exception {
        try (EphemeralServer server = EphemeralServer.start(APP); HttpClient other = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(server.httpUri("/quay")).build();
            HttpResponse<String> response = other.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).isEqualTo("There is nothing at /quay");
        }
    }

    @Test
    void speaksTlsWithAClientThatTrustsIt() {
        Tls shown = Certificate.LOCALHOST.shown().apply(Tls.defaults());
        try (EphemeralServer server = EphemeralServer.start(APP, s -> s.tls(t -> shown), c -> c.tls(Certificate.trusting()))) {
            assertThat(server.uri("/greeter")).hasScheme("wss").hasHost("localhost");
            assertThat(server.httpUri("/")).hasScheme("https");
            assertThat(greeting(server.connect("/greeter"))).isEqualTo("Hello Peter!");
        }
    }

    @Test
    void listensOnAFreePortOfAnotherAddressIfAskedTo() {
        try (EphemeralServer server = EphemeralServer.start(APP, o -> o.host("0.0.0.0").port(8080))) {
            assertThat(server.uri("/").getPort()).isNotEqualTo(8080);
            assertThat(greeting(server.connect("/greeter"))).isEqualTo("Hello Peter!");
        }
    }

    @Test
    void runsTheClientOnTheServersLoops() {
        try (EphemeralServer server = EphemeralServer.start(APP, o -> o, o -> o.subprotocols("chat.v2"))) {
            assertThat(server.client().transport()).isEqualTo(server.server().transport());
            WebSocket socket = server.connect("/greeter");
            assertThat(socket.request().headers().firstValue("Sec-WebSocket-Protocol")).hasValue("chat.v2");
        }
    }

    @Test
    void endsWhatIsOpenOnBothSides() {
        WebSocket idle;
        EphemeralServer server = EphemeralServer.start(APP);
        try (server) {
            idle = server.connect("/greeter");
        }
        server.close();
        Closed end = idle.closed().toCompletableFuture().join();
        assertThat(end.status().code()).isEqualTo(1001);
        assertThatExceptionOfType(ConnectFailedException.class).isThrownBy(() -> server.connect("/greeter"));
    }

    /** Two who send to one another and read nothing, so that no close arrives. */
    @Test
    void cutsWhatDoesNotCloseWithinTheGrace() {
        WebSocketHandler flood = direct(socket -> {
            while (true) {
                socket.send(new byte[1 << 16]);
            }
        });
        Connection deaf;
        try (EphemeralServer server = EphemeralServer.start(HttpHandler.webSocket(flood), o -> o.grace(Duration.ZERO))) {
            deaf = server.connect("/");
        }
        assertThat(deaf.closed().toCompletableFuture().join().clean()).isFalse();
    }

    @Test
    void saysWhoseHandlerDoesNotLetItEnd() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        WebSocketHandler blocking = each(message -> {
            entered.countDown();
            awaitThoughInterrupted(released);
            return message;
        });
        EphemeralServer server = EphemeralServer.start(HttpHandler.webSocket(blocking), o -> o.grace(Duration.ZERO).loops(2));
        try {
            server.connect("/").send("hold it");
            awaitThoughInterrupted(entered);
            assertThatIllegalStateException().isThrownBy(() -> server.close(Duration.ofMillis(50)))
                    .withMessageContaining("the server of port " + server.server().port() + " has not ended in 50 ms")
                    .withMessageContaining(EphemeralServerTest.class.getName() + ".awaitThoughInterrupted(");
        } finally {
            released.countDown();
            server.close();
        }
    }

    private static void awaitThoughInterrupted(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                assertThat(e).isNotNull(); // goes on
            }
        }
    }

    @Test
    void refusesATargetWithoutSlash() {
        try (EphemeralServer server = EphemeralServer.start(APP)) {
            assertThatIllegalArgumentException().isThrownBy(() -> server.uri("greeter"))
                    .withMessage("a target begins with a slash, as /greeter does; \"greeter\" does not");
            assertThatIllegalArgumentException().isThrownBy(() -> server.httpUri("/no such"));
        }
    }

    @Test
    void refusesOptionsOfNoUse() {
        assertThatIllegalArgumentException().isThrownBy(() -> EphemeralServer.start(APP, o -> o.loops(0)));
        assertThatIllegalArgumentException().isThrownBy(() -> EphemeralServer.start(APP, o -> o, o -> o.subprotocols("no token")));
    }
}
