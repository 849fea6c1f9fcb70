// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Connection;
import io.hawser.MessagePolicy;
import io.hawser.client.HawserClient;
import io.hawser.conformance.raw.DeflateEnd;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.tls.Encryption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ground of Autobahn's groups 12 and 13, compression, which the suite of our version only names: the kinds of data, sizes, fragments and
 * offers of a later one. A message goes and comes back a thousand times by {@code -Dhawser.long=true}; else a few times, so that what is
 * kept of earlier messages goes round the window. Unlike the suite, this compares every byte.
 */
@Tag("A1")
@Timeout(600)
class CompressionGroupsTest {
    private static final int KIB = 1 << 10;
    private static final int TIMES = Boolean.getBoolean("hawser.long") ? 1000 : 4;
    private static final int MAX_BYTES = 64 << 20;
    /** Messages are consecutive parts of it, as in the suite. */
    private static final int DATA_BYTES = 200_000;

    /** Length and fragments, 0 for none, of the cases 1 to 18 of each part of a group. */
    private static final int[][] SIZES = {
        {16, 0}, {64, 0}, {256, 0}, {KIB, 0}, {4 * KIB, 0}, {8 * KIB, 0}, {16 * KIB, 0}, {32 * KIB, 0}, {64 * KIB, 0}, {128 * KIB, 0},
        {8 * KIB, 256}, {16 * KIB, 256}, {32 * KIB, 256}, {64 * KIB, 256}, {128 * KIB, 256}, {128 * KIB, KIB}, {128 * KIB, 4 * KIB},
        {128 * KIB, 32 * KIB},
    };

    private static EchoServer server;

    /** What messages are made of: the parts of group 12. */
    enum Data {
        PROSE(RawFrame.BINARY),
        BITMAP(RawFrame.BINARY),
        RANDOM(RawFrame.BINARY),
        JSON(RawFrame.TEXT),
        HTML(RawFrame.TEXT);

        private final int opcode;

        Data(int opcode) {
            this.opcode = opcode;
        }

        byte[] bytes() {
            SplittableRandom random = new SplittableRandom(ordinal());
            byte[] bytes = new byte[DATA_BYTES];
            int at = 0;
            while (at < bytes.length) {
                byte[] next = next(random, at);
                int length = Math.min(next.length, bytes.length - at);
                System.arraycopy(next, 0, bytes, at, length);
                at += length;
            }
            return bytes;
        }

        private byte[] next(SplittableRandom random, int at) {
            return switch (this) {
                case PROSE -> (WORDS[random.nextInt(WORDS.length)] + (random.nextInt(9) == 0 ? ".\r\n" : " ")).getBytes(StandardCharsets.UTF_8);
                case BITMAP -> new byte[] {(byte) (128 + 90 * Math.sin(at / 40.0) + random.nextInt(3))};
                case RANDOM -> new byte[] {(byte) random.nextInt()};
                case JSON -> String.format(
                                Locale.ROOT,
                                "{\"id\": %d, \"name\": \"%s\", \"price\": %.2f},%n",
                                at,
                                WORDS[random.nextInt(12)],
                                random.nextInt(100_000) / 100.0)
                        .getBytes(StandardCharsets.US_ASCII);
                case HTML -> ("<li class=\"entry\"><a href=\"/" + at + "\">" + WORDS[random.nextInt(12)] + "</a></li>\n").getBytes(StandardCharsets.US_ASCII);
            };
        }

        private static final String[] WORDS = {
            "rope", "quay", "ship", "the", "load", "holds", "heavy", "line", "and", "under", "wind", "harbour", "für", "Tau", "κόσμε", "漢字"
        };
    }

    /** What is offered, or asked of a client: the parts of group 13. */
    enum Terms {
        PLAIN("permessage-deflate", "permessage-deflate"),
        NO_CONTEXT("permessage-deflate; server_no_context_takeover", "permessage-deflate; client_no_context_takeover"),
        BITS_8("permessage-deflate; server_max_window_bits=8", "permessage-deflate; client_max_window_bits=8"),
        BITS_15("permessage-deflate; server_max_window_bits=15", "permessage-deflate; client_max_window_bits=15"),
        NO_CONTEXT_BITS_8(
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=8",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=8"),
        NO_CONTEXT_BITS_15(
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=15",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits=15"),
        FALLBACK(
                "permessage-deflate; server_no_context_takeover; server_max_window_bits=7, permessage-deflate; server_no_context_takeover, permessage-deflate",
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover");

        private final String offer;
        private final String response;

        Terms(String offer, String response) {
            this.offer = offer;
            this.response = response;
        }
    }

    @BeforeAll
    static void startServer() throws Exception {
        server = EchoServer.start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    static Stream<Arguments> groups() {
        // Over TLS it is the same bytes that are compressed.
        return Stream.of(DemoFace.values())
                .filter(face -> !Encryption.isOn() || face == DemoFace.STREAMS)
                .flatMap(face -> Stream.concat(
                        Stream.of(Data.values()).map(data -> Arguments.of(face, data, Terms.PLAIN)),
                        Stream.of(Terms.values()).skip(1).map(terms -> Arguments.of(face, Data.JSON, terms))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("groups")
    void echoesCompressed(DemoFace face, Data data, Terms terms) throws Exception {
        byte[] all = data.bytes();
        for (int i = 0; i < SIZES.length; i++) {
            try (DeflateEnd client = DeflateEnd.connect(server.port(), face.path(), terms.offer)) {
                assertThat(client.response()).startsWith("permessage-deflate");
                exchange(client, data, all, i);
            } catch (IOException | AssertionError e) {
                throw new AssertionError("case " + (i + 1) + ", " + Arrays.toString(SIZES[i]) + ": " + e.getMessage(), e);
            }
        }
    }

    /** The client is the one that echoes. */
    @ParameterizedTest
    @EnumSource
    void clientEchoesCompressed(Terms terms) throws Exception {
        try (HawserClient client = HawserClient.create(o -> Encryption.of(o).webSocket(w -> w.messages(MessagePolicy.strict(MAX_BYTES))));
                ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            byte[] all = Data.JSON.bytes();
            URI uri = URI.create(Encryption.scheme() + "://127.0.0.1:" + listening.getLocalPort() + "/");
            for (int i : IntStream.range(0, SIZES.length).toArray()) {
                DemoFace face = DemoFace.values()[i % DemoFace.values().length];
                CompletableFuture<Connection> connecting = client.connectAsync(uri, face.echo(), o -> o);
                try (DeflateEnd end = DeflateEnd.accept(listening, terms.response)) {
                    exchange(end, Data.JSON, all, i);
                } catch (IOException | AssertionError e) {
                    throw new AssertionError("case " + (i + 1) + ", " + Arrays.toString(SIZES[i]) + ": " + e.getMessage(), e);
                }
                connecting.get(20, TimeUnit.SECONDS).closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static void exchange(DeflateEnd end, Data data, byte[] all, int suiteCase) throws IOException {
        int length = SIZES[suiteCase][0];
        long plainBytes = 0;
        int from = 0;
        for (int i = 0; i < TIMES; i++) {
            byte[] message = Arrays.copyOfRange(all, from, from + length);
            end.send(data.opcode, message, SIZES[suiteCase][1]);
            end.expectEcho(data.opcode, message);
            plainBytes += length;
            from = (from + length) % (all.length - length);
        }
        if (length >= 4 * KIB && data != Data.RANDOM) {
            assertThat(end.wireBytes()).as("bytes that came of %d", plainBytes).isLessThan(plainBytes * 9 / 10);
        }
        end.closeWith(1000);
    }
}
