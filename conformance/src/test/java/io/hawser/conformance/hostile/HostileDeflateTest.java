// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.hostile;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Connection;
import io.hawser.HttpHandler;
import io.hawser.MessagePolicy;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.conformance.raw.DeflateEnd;
import io.hawser.conformance.raw.RawFrame;
import io.hawser.server.HawserServer;
import io.hawser.tls.Encryption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages that are larger than they look, or are no compressed messages; to a server in each face, and to a client. */
@Timeout(60)
class HostileDeflateTest {
    private static final String DEFLATE = "permessage-deflate";
    private static final int INVALID_DATA = 1007;
    private static final int TOO_BIG = 1009;
    private static final byte[] HELLO = hex("f248cdc9c90700");
    private static final byte[] EMPTY_BLOCK = hex("000000ffff");

    /** Beyond what is compressed and what a message may take, this much at most: inflaters, and the innocent's kept text. */
    private static final long SOME_COMPRESSORS = 1 << 20;

    @RegisterExtension
    static final Target target = Target.withDefaults();

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static RawFrame compressed(boolean fin, int opcode, byte[] payload) {
        return new RawFrame(fin, opcode == RawFrame.CONTINUATION ? 0 : 4, opcode, payload);
    }

    private static DeflateEnd open(Face face) throws IOException {
        return DeflateEnd.connect(target.port(), face.path(), DEFLATE);
    }

    /** A frame that announces more than is ever sent of it. */
    private static byte[] start(DeflateEnd end, int opcode, byte[] payload, int sent) {
        byte[] whole = end.bytes(compressed(true, opcode, payload));
        return Arrays.copyOf(whole, whole.length - payload.length + sent);
    }

    /** A mebibyte that inflates to a gibibyte: as many times the same, which begins anew with what can refer to nothing else. */
    private static byte[] bomb(DeflateEnd end) {
        byte[] part = end.deflate(new byte[1 << 20]);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < 1 << 10; i++) {
            bomb.writeBytes(part);
            bomb.writeBytes(hex("0000ffff"));
        }
        return bomb.toByteArray();
    }

    @Tag("hostile-45")
    @Tag("L3")
    @ParameterizedTest
    @EnumSource
    void refusesAGibibyteInOneFrame(Face face) throws IOException {
        try (DeflateEnd client = open(face)) {
            byte[] bomb = bomb(client);
            // As much as a message within the limit may take; of more, the header alone is refused.
            client.send(start(client, RawFrame.BINARY, Arrays.copyOf(bomb, 2 * Target.MAX_BYTES), 100_000));
            client.expectClose(TOO_BIG);
        }
        target.app().beginNextCase();
        try (DeflateEnd client = open(face)) {
            client.send(start(client, RawFrame.BINARY, bomb(client), 0));
            client.expectClose(TOO_BIG);
        }
        assertThat(target.server().compressionBytes()).isLessThan(SOME_COMPRESSORS);
    }

    @Tag("hostile-45")
    @Tag("L3")
    @ParameterizedTest
    @EnumSource
    void refusesAGibibyteInAThousandFrames(Face face) throws IOException {
        try (DeflateEnd client = open(face)) {
            byte[] bomb = bomb(client);
            int length = bomb.length / 1000;
            for (int i = 0; i < 100; i++) {
                byte[] part = Arrays.copyOfRange(bomb, i * length, (i + 1) * length);
                client.send(compressed(false, i == 0 ? RawFrame.BINARY : RawFrame.CONTINUATION, part));
            }
            client.expectClose(TOO_BIG);
        }
        assertThat(target.server().compressionBytes()).isLessThan(SOME_COMPRESSORS);
    }

    /** The first message is right, so that there is a context; the last would be, and must not be answered. */
    @Tag("hostile-46")
    @ParameterizedTest
    @EnumSource
    void refusesBlocksThatAreCorruptOrTruncated(Face face) throws IOException {
        for (String bad : new String[] {"ff", "f248ffffffffff", "f248cdc9", "f248cd", "000500faff4865", "000100", "07"}) {
            try (DeflateEnd client = open(face)) {
                client.send(compressed(true, RawFrame.TEXT, HELLO));
                client.expectEcho(RawFrame.TEXT, "Hello".getBytes(StandardCharsets.UTF_8));
                client.send(compressed(true, RawFrame.TEXT, hex(bad)), compressed(true, RawFrame.TEXT, HELLO));
                client.expectClose(INVALID_DATA);
            }
            target.app().beginNextCase();
        }
    }

    /** A message may take twice its limit on the wire, and a little; blocks of which nothing comes are within that or refused. */
    @Tag("hostile-47")
    @ParameterizedTest
    @EnumSource
    void takesEmptyBlocksWithinALimit(Face face) throws IOException {
        byte[] blocks = new byte[EMPTY_BLOCK.length * 1_000_000];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = EMPTY_BLOCK[i % EMPTY_BLOCK.length];
        }
        try (DeflateEnd client = open(face)) {
            client.send(compressed(true, RawFrame.BINARY, Arrays.copyOf(blocks, EMPTY_BLOCK.length * 25_000 - 4)));
            client.expectEcho(RawFrame.BINARY, new byte[0]);
            client.send(compressed(true, RawFrame.TEXT, HELLO));
            client.expectEcho(RawFrame.TEXT, "Hello".getBytes(StandardCharsets.UTF_8));
            client.send(start(client, RawFrame.BINARY, blocks, 100_000));
            client.expectClose(TOO_BIG);
        }
        assertThat(target.server().compressionBytes()).isLessThan(SOME_COMPRESSORS);
    }

    /** As above, in frames of one each: they count as any fragments do. */
    @Tag("hostile-47")
    @Test
    void refusesAMillionEmptyBlocksInAsManyFrames() throws IOException {
        try (DeflateEnd client = open(Face.STREAMS)) {
            byte[] first = client.bytes(compressed(false, RawFrame.BINARY, EMPTY_BLOCK));
            byte[] next = client.bytes(compressed(false, RawFrame.CONTINUATION, EMPTY_BLOCK));
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes(first);
            for (int i = 0; i < 5000; i++) {
                frames.writeBytes(next);
            }
            client.send(frames.toByteArray());
            client.expectClose(1008);
        }
    }

    @Tag("hostile-45")
    @Tag("hostile-46")
    @Tag("hostile-47")
    @Tag("L3")
    @ParameterizedTest
    @ValueSource(strings = {"a bomb", "a corrupt block", "a truncated block", "too many blocks that end"})
    void soDoesAClient(String what) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HawserClient client = HawserClient.create(
                        o -> Encryption.of(o).webSocket(w -> w.messages(MessagePolicy.strict(Target.MAX_BYTES))))) {
            CompletableFuture<Connection> connecting = client.connectAsync(
                    URI.create(Encryption.scheme() + "://127.0.0.1:" + listening.getLocalPort() + "/"), each(message -> message), o -> o);
            try (DeflateEnd server = DeflateEnd.accept(listening, DEFLATE)) {
                server.send(compressed(true, RawFrame.TEXT, HELLO));
                server.expectEcho(RawFrame.TEXT, "Hello".getBytes(StandardCharsets.UTF_8));
                byte[] hostile = switch (what) {
                    case "a bomb" -> start(server, RawFrame.BINARY, Arrays.copyOf(bomb(server), 2 * Target.MAX_BYTES), 100_000);
                    case "a corrupt block" -> server.bytes(compressed(true, RawFrame.TEXT, hex("f248ffffffffff")));
                    case "a truncated block" -> server.bytes(compressed(true, RawFrame.TEXT, hex("f248cdc9")));
                    default -> server.bytes(compressed(true, RawFrame.BINARY, finalBlocks(50_000)));
                };
                server.send(hostile);
                server.expectClose(what.equals("a bomb") ? TOO_BIG : INVALID_DATA);
            }
            connecting.get(20, TimeUnit.SECONDS).closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(client.compressionBytes()).isLessThan(SOME_COMPRESSORS);
        }
    }

    /** Some close, others break off in the midst of a message, some are open when the server stops. */
    @Tag("hostile-49")
    @Test
    void leavesNothingBehind() throws Exception {
        String text = "to be compressed, again and again. ".repeat(20);
        HawserServer server = HawserServer.start(
                o -> Encryption.of(o).port(0).grace(Duration.ofSeconds(1)), HttpHandler.webSocket(each(message -> message)));
        HawserClient client = HawserClient.create(o -> Encryption.of(o));
        List<DeflateEnd> open = new ArrayList<>();
        try (server;
                client) {
            for (int i = 0; i < 100; i++) {
                try (WebSocket socket = client.connect(Encryption.scheme() + "://localhost:" + server.port() + "/")) {
                    socket.send(text);
                    assertThat(socket.receive().text()).isEqualTo(text);
                }
                DeflateEnd end = DeflateEnd.connect(server.port(), "/", DEFLATE);
                end.send(RawFrame.TEXT, text.getBytes(StandardCharsets.UTF_8), 0);
                end.expectEcho(RawFrame.TEXT, text.getBytes(StandardCharsets.UTF_8));
                end.send(compressed(false, RawFrame.TEXT, HELLO));
                if (i % 2 == 0) {
                    end.close();
                } else {
                    open.add(end);
                }
            }
            assertThat(server.compressionBytes()).isPositive();
            assertThat(client.compressionBytes()).isPositive();
        } finally {
            for (DeflateEnd end : open) {
                end.close();
            }
        }
        Target.awaiting().untilAsserted(() -> assertThat(server.compressionBytes()).isZero());
        Target.awaiting().untilAsserted(() -> assertThat(client.compressionBytes()).isZero());
    }

    /** Empty blocks that each end the stream (RFC 7692 7.2.3.4): behind each one the window has to be restored. */
    private static byte[] finalBlocks(int count) {
        byte[] blocks = new byte[2 * count];
        for (int i = 0; i < blocks.length; i += 2) {
            blocks[i] = 3;
        }
        return blocks;
    }
}
