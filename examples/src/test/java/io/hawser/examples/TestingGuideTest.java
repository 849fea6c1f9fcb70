// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.each;
import static io.hawser.WebSocketHandler.eachAsync;
import static io.hawser.WebSocketHandler.streams;
import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hawser.ConnectionGroup;
import io.hawser.HttpHandler;
import io.hawser.KeepAlive;
import io.hawser.Message;
import io.hawser.MessagePolicy;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketClosedException;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.testkit.EphemeralServer;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.PlayedServer;
import io.hawser.testkit.Probe;
import io.hawser.testkit.RawFrame;
import io.hawser.testkit.RawPeer;
import io.hawser.testkit.RawServer;
import io.hawser.testkit.Recording;
import io.hawser.testkit.Upgrade;
import io.hawser.testkit.junit.HawserExtension;
import io.hawser.tls.Certificate;
import io.smallrye.mutiny.Multi;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the guide to testing shows, run. */
class TestingGuideTest {
    private static HttpHandler app() {
        WebSocketHandler greeter = streams(in -> Multi.createFrom().publisher(in)
                .select().where(TextMessage.class::isInstance)
                .map(name -> TextMessage.streamed(Multi.createBy().concatenating().streams(
                        Multi.createFrom().item("Hello "),
                        Multi.createFrom().publisher(((TextMessage) name).chunks()),
                        Multi.createFrom().item("!")))))
                .with(o -> o.messages(MessagePolicy.streamed()));
        HttpHandler app = request -> switch (request.path()) {
            case "/greeter" -> request.upgrade().map(u -> u.accept(greeter)).orElseGet(request::upgradeRefusal);
            default -> ReadmeCode.upgrades().handle(request);
        };
        return app;
    }

    @Test
    void greets() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            test.webSocket("/greeter")
                    .send("Peter")
                    .expectText("Hello Peter!")
                    .complete()
                    .expectClosed(1000);
        }
    }

    @Test
    void greetsAnHourLater() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            Probe probe = test.webSocket("/greeter").send("Peter").expectText("Hello Peter!");
            test.advance(Duration.ofHours(1)); // keep-alive goes on meanwhile
            probe.send("Paul").expectText("Hello Paul!").complete().expectClosed(1000);
        }
    }

    @Test
    void saysWhatCameInstead() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            assertThatThrownBy(() -> test.webSocket("/greeter").send("Peter").expectText("Hello Paul!"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("expected the text \"Hello Paul!\"\nbut the text \"Hello Peter!\" came", "frames:");
        }
    }

    @Test
    void asksAndIsRefused() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/quay").status()).isEqualTo(404);
            assertThat(test.request("GET", "/greeter", Map.of("Accept", "text/html")).status()).isEqualTo(400);

            Upgrade refused = test.upgrade("/chat", o -> o.subprotocols("chat.v1"));
            assertThat(refused.isWebSocketUpgrade()).isFalse();
            assertThat(refused.response().status()).isEqualTo(400);

            Upgrade accepted = test.upgrade("/chat", o -> o.subprotocols("chat.v1", "chat.v2").bearer("secret"));
            assertThat(accepted.subprotocol()).hasValue("chat.v2");
            assertThat(accepted.response().headers().firstValue("Set-Cookie")).hasValue("seen=1");
            accepted.probe().send("ahoy").expectText("AHOY");
        }
    }

    @Test
    void takesChunks() {
        try (HawserTest test = HawserTest.of(app())) {
            Probe probe = test.webSocket("/greeter").send("Peter");
            assertThat(probe.expectTextChunk()).isEqualTo("Hello ");
            assertThat(probe.expectTextChunk()).isEqualTo("Peter");
            assertThat(probe.expectTextChunk()).isEqualTo("!");
            probe.expectEndOfMessage();
        }
    }

    @Test
    void letsTimePass() {
        WebSocketHandler patient = direct(socket -> {
            while (socket.receive(Duration.ofMinutes(5)).isEmpty()) {
                socket.send("Are you still there?");
            }
        }).with(o -> o.keepAlive(KeepAlive.after(Duration.ofSeconds(15))));
        try (HawserTest test = HawserTest.of(patient)) {
            Probe probe = test.webSocket("/").expectNoMessage(Duration.ofSeconds(299));
            test.advance(Duration.ofSeconds(1));
            probe.expectText("Are you still there?");
            probe.expectPing();
            assertThat(test.elapsed()).isEqualTo(Duration.ofMinutes(5));
            probe.send("yes").expectClosed(1000);
        }
    }

    @Test
    void settles() {
        ConnectionGroup room = ConnectionGroup.droppingSlow();
        WebSocketHandler chat = direct(socket -> {
            room.add(socket);
            for (Message message : socket) {
                room.sendToOthers(socket, message);
            }
        });
        try (HawserTest test = HawserTest.of(chat)) {
            Probe ann = test.webSocket("/");
            Probe ben = test.webSocket("/");
            test.settle(); // both are in the room now
            ann.send("ahoy").expectNoMessage();
            ben.expectText("ahoy").expectNoMessage();
        }
    }

    @Test
    void knowsWhomItTalksTo() {
        try (HawserTest test = HawserTest.of(GuideCode.authorised())) {
            test.webSocket("/", o -> o.bearer("secret")).expectText("Hello Ann");
            assertThat(test.upgrade("/").response()).hasStatus(401);
        }
    }

    @Test
    void seesWhatHandlersThrow() {
        WebSocketHandler halving = each(message -> TextMessage.of("" + Integer.parseInt(message.text()) / 2));
        try (HawserTest test = HawserTest.of(halving)) {
            test.webSocket("/").send("4").expectText("2");
            test.expectNoFailures();
            test.webSocket("/").send("four").expectClosed(1011);
            assertThat(test.failures()).singleElement().isInstanceOf(NumberFormatException.class);
        }
    }

    @Test
    void movesBothEndsByHand() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            Probe probe = test.webSocketByHand("/greeter", o -> o);
            probe.outgoing().expectRequest();
            probe.outgoing().next(TextMessage.of("Peter"));
            probe.expectNoMessage(); // nobody has asked for one

            probe.incoming().expectSubscription().request(1);
            probe.expectText("Hello Peter!");
            probe.outgoing().complete();
            probe.expectClosed(1000);
        }
    }

    @Test
    void talksByAClient() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app);
                WebSocket socket = test.client().connect(test.uri("/greeter"))) {
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Hello Peter!");
        }
    }

    @Test
    void waitsForAFuture() {
        try (HawserTest test = HawserTest.of(app())) {
            CompletableFuture<WebSocket> connecting = test.client().connectAsync(test.uri("/greeter"), o -> o);
            try (WebSocket socket = test.await(connecting)) {
                socket.send("Paul");
                assertThat(socket.receive().text()).isEqualTo("Hello Paul!");
            }
        }
    }

    @Test
    void runsInOtherOrders() {
        WebSocketHandler chat = GuideCode.chat();
        for (long each = 1; each <= 20; each++) {
            long seed = each;
            try (HawserTest test = HawserTest.of(chat, o -> o.seed(seed))) {
                Probe ann = test.webSocket("/");
                Probe ben = test.webSocket("/");
                test.settle();
                ann.send("one").send("two");
                ben.send("three");
                ben.expectText("one").expectText("two");
                ann.expectText("three");
            }
        }
    }

    @Test
    void completesAPromiseItself() {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        WebSocketHandler asking = eachAsync(question -> answer, 1);
        try (HawserTest test = HawserTest.of(asking, o -> o.holdForPromises(false))) {
            Probe probe = test.webSocket("/").send("what?").expectNoMessage(Duration.ofMinutes(1));
            answer.complete(TextMessage.of("that"));
            probe.expectText("that");
        }
    }

    @Test
    void restsInAQueue() {
        BlockingQueue<String> orders = new LinkedBlockingQueue<>();
        HttpHandler kitchen = HttpHandler.webSocket(direct(socket -> socket.send(orders.take())));
        HttpHandler table = HttpHandler.webSocket(direct(socket -> orders.put(socket.receive().text())));
        HttpHandler inn = request -> request.path().equals("/kitchen") ? kitchen.handle(request) : table.handle(request);
        try (HawserTest test = HawserTest.of(
                inn, o -> o.restsOutside(thread -> thread.getName().equals("hawser-direct /kitchen")))) {
            Probe cook = test.webSocket("/kitchen").expectNoMessage(Duration.ofMinutes(1));
            test.webSocket("/table").send("soup").expectClosed(1000);
            cook.expectText("soup");
        }
    }

    @Test
    void stopsReading() {
        ConnectionGroup readers = ConnectionGroup.closingSlow();
        WebSocketHandler news = direct(socket -> {
            readers.add(socket);
            socket.receive();
        });
        try (HawserTest test = HawserTest.of(news)) {
            Probe slow = test.webSocket("/");
            test.settle(); // it is among the readers now
            slow.toClient().pause();
            Message page = TextMessage.of("news ".repeat(10_000));
            while (readers.send(page) > 0) {
                test.settle();
            }
            slow.toClient().resume();
            slow.dropMessages().expectClosed(1008);
        }
    }

    @Test
    void spoilsTheNetwork() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            Probe probe = test.webSocket("/greeter");
            probe.toServer().split(7, 3).delay(Duration.ofMillis(40)); // pieces of at most 3 bytes, drawn from seed 7
            probe.toClient().delay(Duration.ofMillis(40));
            probe.send("Peter").expectText("Hello Peter!");
            assertThat(test.elapsed()).isEqualTo(Duration.ofMillis(80));

            probe.toServer().silence(); // a cable is cut, and nobody is told
            probe.toClient().silence();
            probe.expectNoMessage(Duration.ofSeconds(30));
            probe.within(Duration.ofMinutes(1)).expectClosed(1006); // keep-alive has found out
        }
    }

    @Test
    void corruptsAByte() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            Probe probe = test.webSocket("/greeter");
            probe.toServer().corruptNext(0x40); // RSV1 of the next frame
            probe.send("Peter").expectClosed(1002);
        }
    }

    @Test
    void spoilsEachConnection() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app, o -> o.everyConnection((toServer, toClient) -> toServer.split(7, 1)))) {
            test.webSocket("/greeter").send("Peter").expectText("Hello Peter!");
        }
    }

    @Test
    void sendsWhatIsNotAllowed() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            RawPeer peer = test.raw("/greeter");
            peer.send(RawFrame.text("Peter").unmasked());
            peer.expectClose(1002); // clients mask
        }
    }

    @Test
    void answersAClientByHand() {
        try (HawserTest test = HawserTest.of(app())) {
            RawServer server = test.rawServer();
            WebSocket socket = test.client().connect(server.uri("/"));
            RawPeer peer = server.accept();
            socket.send("Peter");
            peer.expect(RawFrame.text("Peter")).send(RawFrame.text("half an answ").fin(false)).end();
            assertThatThrownBy(socket::receive).isInstanceOf(WebSocketClosedException.class);
        }
    }

    @Test
    void playsARecording(@TempDir Path folder) {
        Path file = folder.resolve("greeter.txt");
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            Probe probe = test.webSocket("/greeter").send("Peter").expectText("Hello Peter!").complete().expectClosed(1000);
            test.settle();
            probe.recording().writeTo(file);
        }
        try (HawserTest test = HawserTest.of(app)) {
            test.play(Recording.read(file)); // the client's side, against the application
        }
        try (HawserTest test = HawserTest.of(app)) {
            PlayedServer server = Recording.read(file).asServer(test); // the server's side, for a client under test
            WebSocket socket = test.client().connect(server.uri());
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Hello Peter!");
            socket.close(1000, "");
            server.expectPlayed();
        }
    }

    @Test
    void readsAsAssertJ() {
        HttpHandler app = app();
        try (HawserTest test = HawserTest.of(app)) {
            Probe probe = test.webSocket("/greeter").send("Peter").send("Paul").complete();
            assertThat(probe).hasReceivedText("Hello Peter!", "Hello Paul!").isClosedWith(1000);
            assertThat(test.request("/quay")).hasStatus(404);
        }
    }

    @Nested
    class GreeterTest {
        @RegisterExtension
        static final HawserExtension HAWSER = HawserExtension.of(() -> app());

        @Test
        void greetsInMemory(HawserTest test) {
            test.webSocket("/greeter").send("Peter").expectText("Hello Peter!");
        }

        @Test
        void greetsOverTcp(EphemeralServer server) {
            try (WebSocket socket = server.connect("/greeter")) {
                socket.send("Peter");
                assertThat(socket.receive().text()).isEqualTo("Hello Peter!");
            }
        }

        @Test
        void isReached(HawserClient client, URI uri) {
            try (WebSocket socket = client.connect(uri.resolve("/greeter"))) {
                assertThat(socket.ping()).isPositive();
            }
        }
    }

    /** The same without a framework. */
    static final class GreeterCheck {
        public static void main(String[] arguments) {
            try (HawserTest test = HawserTest.of(app())) {
                test.webSocket("/greeter").send("Peter").expectText("Hello Peter!");
            }
            System.out.println("greets");
        }
    }

    @Test
    void needsNoFramework() {
        GreeterCheck.main(new String[0]);
    }

    @Test
    void servesOverTls() {
        Path chain = Certificate.LOCALHOST.chain();
        Path key = Certificate.LOCALHOST.key();
        Path authority = Certificate.authorityFile();
        HttpHandler app = app();
        try (EphemeralServer server = EphemeralServer.start(
                        app,
                        s -> s.tls(t -> t.certificate(chain, key)),
                        c -> c.tls(t -> t.trust(authority)));
                WebSocket socket = server.connect("/greeter")) {
            socket.send("Peter");
            assertThat(socket.receive().text()).isEqualTo("Hello Peter!");
        }
    }
}
