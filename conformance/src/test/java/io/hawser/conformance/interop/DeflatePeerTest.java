// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.interop;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hawser.BinaryMessage;
import io.hawser.MessagePolicy;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.netty.LeakCheck;
import io.hawser.server.HawserServer;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compressed messages to and from other people's clients and servers, in every way that the two can agree on: what each says of what was
 * agreed, every byte of what comes back, and that what is on the wire is less. By {@code -Dhawser.long=true} the whole product of all
 * parameters; else each value of each, and the largest messages in one way only.
 */
@Timeout(1200)
@ExtendWith(LeakCheck.class)
class DeflatePeerTest {
    private static final boolean LONG = Boolean.getBoolean("hawser.long");
    private static final int LARGEST_IN_EVERY_WAY = 64 << 10;
    private static final int LARGEST = 16 << 20;
    private static final MessagePolicy POLICY = MessagePolicy.strict(LARGEST);
    private static final int[] SIZES = {1, 125, 126, 1 << 10, 64 << 10, 1 << 20, LARGEST};

    static Stream<Arguments> runs() {
        return Stream.of(Peer.values())
                .flatMap(peer -> Stream.of(
                        Arguments.of(peer, LARGEST_IN_EVERY_WAY, LONG ? DeflateWay.all() : DeflateWay.some()),
                        Arguments.of(peer, LARGEST, LONG ? DeflateWay.some() : DeflateWay.some().subList(0, 1))));
    }

    private static void require(Peer peer) {
        assumeTrue(peer.interpreter().isPresent(), "needs a package (Debian: apt-get install node-ws python3-websockets)");
    }

    @ParameterizedTest(name = "{0}, up to {1} bytes")
    @MethodSource("runs")
    @Tag("H2")
    void answersTheirClient(Peer peer, int largest, List<DeflateWay> all) throws Exception {
        require(peer);
        // zlib has no raw deflate of 8 bits: Python's client cannot keep to its own offer.
        List<DeflateWay> ways = all.stream()
                .filter(way -> peer == Peer.WS || !way.ofOurServer().contains("client_max_window_bits=8"))
                .toList();
        try (HawserServer server = HawserServer.start(
                o -> o.port(0).webSocket(w -> w.messages(POLICY)),
                request -> request.upgrade()
                        .map(upgrade -> upgrade.accept(each(message -> message)
                                .with(o -> o.compression(DeflateWay.Ours.ofPath(request.path()).compression()))))
                        .orElse(Response.of(400)))) {
            List<String> arguments = new ArrayList<>(List.of("ws://127.0.0.1:" + server.port(), Integer.toString(largest)));
            ways.forEach(way -> arguments.add(way.json()));
            Process process = peer.start("deflate-client", arguments);
            try {
                List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
                for (int i = 0; i < ways.size(); i++) {
                    assertThat(lines).as("what %s says in the end", peer).hasSizeGreaterThan(i);
                    assertAgreed(ways.get(i), lines.get(i));
                }
                assertThat(lines).hasSameSizeAs(ways);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void assertAgreed(DeflateWay way, String line) {
        String[] said = line.split("\\|", -1);
        assertThat(said).as("%s: %s", way, line).hasSize(3);
        assertThat(DeflateWay.parameters(said[0])).as("%s", way).isEqualTo(way.ofOurServer());
        // Ten texts of 2,000 bytes of JSON
        assertThat(Integer.parseInt(said[1])).as("bytes that we sent, %s", way).isLessThan(16_000);
        assertThat(Integer.parseInt(said[2])).as("bytes that came, %s", way).isLessThan(16_000);
    }

    @ParameterizedTest(name = "{0}, up to {1} bytes")
    @MethodSource("runs")
    @Tag("H2")
    void talksToTheirServer(Peer peer, int largest, List<DeflateWay> all) throws Exception {
        require(peer);
        // A server takes a client's window without a value only, and Python's could not keep to 8 bits of its own.
        List<DeflateWay> ways = all.stream()
                .filter(way -> way.clientBits() > 0)
                .filter(way -> peer == Peer.WS || !way.ofTheirServer().contains("server_max_window_bits=8"))
                .toList();
        Process process = peer.start("deflate-server", peer == Peer.WS ? List.of() : ways.stream().map(DeflateWay::json).toList());
        try (HawserClient client = HawserClient.create(o -> o)) {
            List<Integer> ports = Arrays.stream(Peer.line(process).split(" ", -1)).map(Integer::parseInt).toList();
            for (int i = 0; i < ways.size(); i++) {
                DeflateWay way = ways.get(i);
                URI uri = URI.create("ws://127.0.0.1:" + ports.get(i % ports.size()) + way.query());
                try (WebSocket socket = client.connect(
                        uri, o -> o.webSocket(w -> w.messages(POLICY).compression(way.ours().compression())))) {
                    String response = socket.response().header("Sec-WebSocket-Extensions").orElse("");
                    assertThat(DeflateWay.meaning(DeflateWay.parameters(response)))
                            .as("%s", way)
                            .isEqualTo(DeflateWay.meaning(way.ofTheirServer()));
                    talk(socket, largest, way);
                } catch (RuntimeException | IOException e) {
                    throw new AssertionError(way + ": " + e, e);
                }
            }
        } finally {
            process.destroy();
        }
    }

    private static void talk(WebSocket socket, int largest, DeflateWay way) throws IOException {
        for (int size : IntStream.of(SIZES).filter(size -> size <= largest).toArray()) {
            byte[] random = new byte[size];
            new SplittableRandom(size).nextBytes(random);
            expectEcho(socket, json(size), way);
            expectEcho(socket, random, way);
            expectEcho(socket, new byte[size], way);
            expectEcho(socket, json(size), way);
        }
        long[] before = count(socket);
        for (int i = 0; i < 10; i++) {
            expectEcho(socket, json(2000 + i), way);
        }
        long[] after = count(socket);
        assertThat(after[0] - before[0]).as("bytes that we sent, %s", way).isLessThan(16_000);
        assertThat(after[1] - before[1]).as("bytes that came, %s", way).isLessThan(16_000);
        // Theirs comes in three frames, ours leaves as it is read.
        expectEcho(socket, "parts " + json(3000), way);
        String text = "parts, many " + json(200_000);
        socket.send(new StringReader(text));
        assertThat(socket.receive()).as("%s", way).isEqualTo(TextMessage.of(text));
    }

    private static long[] count(WebSocket socket) {
        socket.send("count");
        return Arrays.stream(socket.receive().text().split(" ", -1)).mapToLong(Long::parseLong).toArray();
    }

    private static void expectEcho(WebSocket socket, String text, DeflateWay way) {
        socket.send(text);
        assertThat(socket.receive().text().equals(text)).as("an echo of %s bytes, %s", text.length(), way).isTrue();
    }

    private static void expectEcho(WebSocket socket, byte[] bytes, DeflateWay way) {
        socket.send(bytes);
        assertThat(socket.receive().equals(BinaryMessage.of(bytes))).as("an echo of %s bytes, %s", bytes.length, way).isTrue();
    }

    private static String json(int size) {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; json.length() < size; i++) {
            json.append("{\"id\":").append(i).append(",\"name\":\"item ").append(i % 10).append("\",\"price\":").append(i * 37 % 1000).append("},");
        }
        return json.substring(0, size);
    }
}
