// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static io.hawser.WebSocketHandler.frames;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.Frame;
import io.hawser.protocol.FrameStage;
import io.hawser.protocol.Opcode;
import io.hawser.server.HawserServer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the guides show, run. */
@Timeout(60)
class GuideCodeTest {
    @Test
    void asksAndAnswers() throws Exception {
        try (Talk talk = Talk.with(GuideCode.directFace(), "/shop")) {
            assertThat(talk.hears()).isEqualTo("What is your name?");
            talk.says("Ann");
            assertThat(talk.hears()).isEqualTo("Welcome, Ann");
            assertThat(talk.hears()).isEqualTo("closed with 1000");
        }
    }

    @Test
    void readsAMessageAsAStream() throws Exception {
        try (Talk talk = Talk.with(GuideCode.directFace(), "/upload")) {
            talk.says(new byte[100_000]);
            assertThat(talk.hears()).isEqualTo("100000 bytes");
        }
    }

    @Test
    void sendsAReader() throws Exception {
        try (Talk talk = Talk.with(GuideCode.directFace(), "/download")) {
            assertThat(talk.hears()).isEqualTo("a long text");
        }
    }

    @Test
    void echoesStreams() throws Exception {
        for (String path : new String[] {"/echo", "/streamed"}) {
            try (Talk talk = Talk.with(GuideCode.streamsFace(), path)) {
                talk.says("ahoy");
                assertThat(talk.hears()).isEqualTo("ahoy");
            }
        }
    }

    @Test
    void pushes() throws Exception {
        GuideCode.Ticker ticker = GuideCode.ticker();
        try (Talk talk = Talk.with(Map.of("/ticker", ticker.handler()), "/ticker")) {
            awaitSubscribers(ticker, 1);
            ticker.feed().accept(TextMessage.of("4.20"));
            assertThat(talk.hears()).isEqualTo("4.20");
            ticker.source().close();
            assertThat(talk.hears()).isEqualTo("closed with 1000");
        }
    }

    /** More than the publisher, Hawser and the sockets hold for one that reads nothing. */
    @Test
    void pushesThoughOneReadsNothing() {
        GuideCode.Ticker ticker = GuideCode.ticker();
        try (HawserServer server = HawserServer.start(o -> o.port(0), HttpHandler.webSocket(ticker.handler()));
                WebSocket deaf = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/");
                WebSocket ben = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/")) {
            awaitSubscribers(ticker, 2);
            TextMessage early = TextMessage.of("4.20 ".repeat(20_000));
            CompletableFuture<Void> fed = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 1_000; i++) {
                            ticker.feed().accept(early);
                        }
                    },
                    Thread::startVirtualThread);
            assertThat(fed).succeedsWithin(Duration.ofSeconds(30));
            TextMessage late = TextMessage.of("4.30");
            do {
                ticker.feed().accept(late); // while others wait for Ben, it may pass him by
            } while (!ben.receive().equals(late));
            deaf.abort();
        }
    }

    /** A handler is opened behind the response that a client waits for. */
    private static void awaitSubscribers(GuideCode.Ticker ticker, int wanted) {
        while (ticker.source().getNumberOfSubscribers() < wanted) {
            Thread.onSpinWait();
        }
    }

    @Test
    void relaysFrames() throws Exception {
        try (Talk talk = Talk.with(GuideCode.framesFace(), "/relay")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("ahoy");
        }
    }

    @Test
    void relaysFragments() throws Exception {
        List<Frame> sent = List.of(
                Frame.of(Opcode.TEXT, false, ByteBuffer.wrap(new byte[] {'a', 'h'})),
                Frame.of(Opcode.CONTINUATION, false, ByteBuffer.allocate(0)),
                Frame.of(Opcode.CONTINUATION, true, ByteBuffer.wrap(new byte[] {'o', 'y'})));
        LinkedBlockingQueue<Frame> heard = new LinkedBlockingQueue<>();
        WebSocketHandler asking = frames(channel -> {
            sent.forEach(channel::send);
            return heard::add;
        }).with(o -> o.rawFragments(true));
        HttpHandler relay = HttpHandler.webSocket(Objects.requireNonNull(GuideCode.framesFace().get("/fragments")));
        try (HawserServer server = HawserServer.start(o -> o.port(0), relay)) {
            URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/");
            Connection connection = HawserClient.shared().connectAsync(uri, asking, o -> o).join();
            for (Frame fragment : sent) {
                assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(fragment);
            }
            connection.abort();
        }
    }

    @Test
    void changesAndRefusesInStages() throws Exception {
        try (Talk talk = Talk.with(GuideCode.stages(), "/staged")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("AHOY");
            talk.says(new byte[1]);
            assertThat(talk.hears()).isEqualTo("closed with 1003");
        }
    }

    @Test
    void countsInAStage() throws Exception {
        LongAdder frames = new LongAdder();
        CompletableFuture<Closed> end = new CompletableFuture<>();
        WebSocketHandler handler = direct(socket -> {
            socket.receive();
            socket.receive();
            end.complete(socket.close(1000, ""));
        }).with(o -> o.stages(GuideCode.counting(frames)));
        try (Talk talk = Talk.with(Map.of("/counted", handler), "/counted")) {
            talk.says("one");
            talk.says("two");
            assertThat(talk.hears()).isEqualTo("closed with 1000");
            assertThat(end.get(30, TimeUnit.SECONDS).local()).isTrue();
        }
        assertThat(frames.sum()).isEqualTo(2);
    }

    @Test
    void recordsInAStage() throws Exception {
        LinkedBlockingQueue<String> passed = new LinkedBlockingQueue<>();
        WebSocketHandler handler = direct(socket -> {
            socket.send(socket.receive());
            socket.close(1000, "");
        }).with(o -> o.stages(GuideCode.recording(passed)));
        try (Talk talk = Talk.with(Map.of("/recorded", handler), "/recorded")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("ahoy");
            assertThat(talk.hears()).isEqualTo("closed with 1000");
            for (String next : List.of("< TEXT, 4 bytes", "> TEXT, 4 bytes", "> CLOSE, 2 bytes", "< CLOSE, 2 bytes")) {
                assertThat(passed.poll(30, TimeUnit.SECONDS)).isEqualTo(next);
            }
        }
    }

    @Test
    void measuresRoundTrips() throws Exception {
        LinkedBlockingQueue<Duration> times = new LinkedBlockingQueue<>();
        WebSocketHandler often = GuideCode.pinging(times).with(o -> o.stages(FrameStage.autoPing(Duration.ofMillis(5))));
        try (Talk talk = Talk.with(Map.of("/watched", often), "/watched")) {
            assertThat(times.poll(30, TimeUnit.SECONDS)).isNotNull();
            talk.says("goodbye");
        }
    }

    @Test
    void countsBytesOfRawFrames() throws Exception {
        try (Talk talk = Talk.with(Map.of("/sizes", GuideCode.sizes()), "/sizes")) {
            talk.says(new byte[1000]);
            assertThat(talk.hears()).isEqualTo("1000 bytes");
        }
    }

    @Test
    void talksToTheOthers() throws Exception {
        WebSocketHandler chat = GuideCode.chat();
        try (HawserServer server = HawserServer.start(o -> o.port(0), HttpHandler.webSocket(chat));
                WebSocket ann = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/");
                WebSocket ben = HawserClient.shared().connect("ws://127.0.0.1:" + server.port() + "/")) {
            // Until both have joined, what is said may reach nobody.
            Optional<Message> heard = Optional.empty();
            while (heard.isEmpty()) {
                ann.send("ahoy");
                heard = ben.receive(Duration.ofMillis(50));
            }
            assertThat(heard.orElseThrow().text()).isEqualTo("ahoy");
        }
    }

    @Test
    void connects() {
        try (HawserServer server = HawserServer.start(o -> o.port(0), ReadmeCode.upgrades())) {
            assertThat(ReadmeCode.client(server.port())).startsWith("Hello Peter! ").endsWith(" ms");
        }
    }
}
