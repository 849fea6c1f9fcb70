// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.ConnectionGroup;
import io.hawser.HttpHandler;
import io.hawser.Message;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs of an application whose connections talk to each other in several faces. */
@Tag("X4")
class SeededRunTest {
    private static final int GUESTS = 5;

    /** A room in the direct face, where order decides who is heard first; a counter in streams; an echo in frames. */
    private static HttpHandler application() {
        ConnectionGroup room = ConnectionGroup.droppingSlow();
        Map<String, Integer> said = new ConcurrentHashMap<>();
        WebSocketHandler chat = WebSocketHandler.direct(socket -> {
            room.add(socket);
            for (var message : socket) {
                int times = said.merge("said", 1, Integer::sum);
                room.send(TextMessage.of(times + " " + message.text()));
            }
        });
        WebSocketHandler count = WebSocketHandler.streams(in -> {
            in.subscribe(new Counting(room));
            return in.receiveOnly();
        });
        WebSocketHandler echo = WebSocketHandler.frames(channel -> frame -> {
            if (!frame.opcode().isControl()) {
                channel.send(frame);
            }
        });
        return request -> request.upgrade()
                .map(upgrade -> upgrade.accept(switch (request.path()) {
                    case "/chat" -> chat;
                    case "/count" -> count;
                    default -> echo;
                }))
                .orElseGet(() -> Response.of(404));
    }

    /** Answers the first that is said in the room: so that who hears it first is who is heard first. */
    private static WebSocketHandler talkative(int number) {
        return WebSocketHandler.direct(socket -> {
            socket.send("guest " + number + " on " + socket.receive().text());
            socket.forEach(Message::discard);
        });
    }

    private static String run(long seed) {
        try (HawserTest test = HawserTest.of(application(), o -> o.seed(seed))) {
            List<Probe> probes = new ArrayList<>();
            for (int i = 0; i < GUESTS; i++) {
                test.connect("/chat", talkative(i));
            }
            for (int i = 0; i < GUESTS; i++) {
                probes.add(test.webSocket("/chat"));
            }
            probes.add(test.webSocket("/count"));
            probes.add(test.webSocket("/echo"));
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < probes.size(); i++) {
                    probes.get(i).send("from " + i + " in " + round);
                }
                test.advance(Duration.ofSeconds(round));
            }
            probes.forEach(Probe::dropMessages);
            probes.forEach(probe -> probe.complete().expectClosed(1000));
            return probes.stream().map(Probe::frames).collect(Collectors.joining("\n\n"));
        }
    }

    @Test
    void isTheSameAgainWithTheSameSeed() {
        String first = run(7);
        assertThat(first).contains("from 4 in 2");
        assertThat(run(7)).isEqualTo(first);
        assertThat(run(0)).isEqualTo(run(0));
    }

    @Test
    void isAnotherWithAnotherSeed() {
        assertThat(LongStream.range(1, 6).mapToObj(SeededRunTest::run).distinct()).hasSizeGreaterThan(1);
    }
}
