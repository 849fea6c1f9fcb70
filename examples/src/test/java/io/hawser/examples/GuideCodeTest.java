// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.WebSocketHandler.direct;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Closed;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.WebSocketHandler;
import io.hawser.client.HawserClient;
import io.hawser.protocol.FrameStage;
import io.hawser.server.HawserServer;
import java.time.Duration;
import java.util.Map;
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
            ticker.source().submit(TextMessage.of("4.20"));
            assertThat(talk.hears()).isEqualTo("4.20");
            ticker.source().close();
            assertThat(talk.hears()).isEqualTo("closed with 1000");
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
        try (Talk talk = Talk.with(GuideCode.framesFace(), "/fragments")) {
            talk.says("ahoy");
            assertThat(talk.hears()).isEqualTo("ahoy");
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
