// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.large;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.raw.RawClient;
import io.hawser.tls.Encryption;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One message of 10 GiB passes through an echo whose process has a heap of 64 MiB: nothing of it is ever held but a few chunks. */
@Timeout(300)
@Isolated("keeps both processors busy")
class EndlessMessageTest {
    private static final long GIB = 1L << 30;
    private static final int KEY = 0x5A17C3E8;
    /** Divides a GiB, so that blocks and frames fit. */
    private static final int BLOCK_BYTES = 1 << 20;

    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;

    /** In one frame, and in frames of 4 MiB. */
    @Tag("M1")
    @Tag("M8")
    @Tag("F2")
    @ParameterizedTest
    @CsvSource({"/streams, 10, 10737418240", "/direct, 2, 4194304"})
    void passesThroughASmallHeap(String path, int gibibytes, long frameBytes) throws Exception {
        Process server = SmallServer.start();
        try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8)) {
            int port = Integer.parseInt(output.readLine());
            try (Socket socket = Encryption.over(new Socket(InetAddress.getLoopbackAddress(), port))) {
                socket.getOutputStream().write(RawClient.upgrade(path));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                skipHead(in);
                // Over TLS the peer's part takes the time, and more than twice the memory that there is tells as much.
                long bytes = Encryption.isOn() ? GIB / 4 : gibibytes * GIB;
                CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(socket, bytes, Math.min(frameBytes, bytes)));
                expectEcho(in, bytes);
                sent.get(60, TimeUnit.SECONDS);
            }
            server.getOutputStream().close();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    private static void skipHead(DataInputStream in) throws IOException {
        int last = 0;
        while (last != 0x0D0A0D0A) {
            last = last << 8 | in.readUnsignedByte();
        }
    }

    /** The bytes of a block: each tells its place, so that none can be lost, doubled or moved without being found out; masked, if it is to be. */
    private static void fill(byte[] block, long number, long mask) {
        ByteBuffer longs = ByteBuffer.wrap(block);
        long seed = number * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < BLOCK_BYTES / Long.BYTES; i++) {
            longs.putLong(i * Long.BYTES, (seed + i) ^ mask);
        }
    }

    private static void send(Socket socket, long bytes, long frameBytes) {
        try {
            byte[] block = new byte[BLOCK_BYTES];
            long twice = (KEY & 0xFFFFFFFFL) << 32 | KEY & 0xFFFFFFFFL;
            for (long at = 0; at < bytes; at += BLOCK_BYTES) {
                if (at % frameBytes == 0) {
                    long length = Math.min(frameBytes, bytes - at);
                    int first = (at == 0 ? BINARY : CONTINUATION) | (at + length == bytes ? 0x80 : 0);
                    socket.getOutputStream()
                            .write(ByteBuffer.allocate(14)
                                    .put((byte) first)
                                    .put((byte) 0xFF)
                                    .putLong(length)
                                    .putInt(KEY)
                                    .array());
                }
                fill(block, at / BLOCK_BYTES, twice);
                socket.getOutputStream().write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void expectEcho(DataInputStream in, long bytes) throws IOException {
        byte[] expected = new byte[BLOCK_BYTES];
        byte[] actual = new byte[BLOCK_BYTES];
        long at = 0;
        boolean fin = false;
        boolean begun = false;
        while (!fin) {
            int first = in.readUnsignedByte();
            fin = (first & 0x80) != 0;
            assertThat(first & 0x7F).as("opcode at %s", at).isEqualTo(begun ? CONTINUATION : BINARY);
            begun = true;
            int second = in.readUnsignedByte();
            long left = second == 127 ? in.readLong() : second == 126 ? in.readUnsignedShort() : second;
            while (left > 0) {
                int offset = (int) (at % BLOCK_BYTES);
                int size = (int) Math.min(left, BLOCK_BYTES - offset);
                in.readFully(actual, offset, size);
                at += size;
                left -= size;
                if (at % BLOCK_BYTES == 0) {
                    fill(expected, at / BLOCK_BYTES - 1, 0);
                    assertThat(Arrays.mismatch(expected, actual)).as("in the block before %s", at).isEqualTo(-1);
                }
            }
        }
        assertThat(at).isEqualTo(bytes);
    }
}
