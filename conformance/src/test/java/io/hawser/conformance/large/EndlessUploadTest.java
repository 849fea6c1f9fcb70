// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.large;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.tls.Encryption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An upload of 4 GiB goes to a handler that reads more slowly than it is sent, in a process whose heap is 64 MiB. */
@Timeout(300)
@Isolated("keeps both processors busy")
class EndlessUploadTest {
    private static final long BLOCKS_A_GIB = 1024;

    @Tag("W1")
    @ParameterizedTest
    @CsvSource({"false, 4", "true, 1"})
    void passesThroughASmallHeap(boolean chunked, int gibibytes) throws Exception {
        // Over TLS the peer's part takes the time, and more than twice the memory that there is tells as much.
        long blocks = Encryption.isOn() ? BLOCKS_A_GIB / 4 : gibibytes * BLOCKS_A_GIB;
        Process server = SmallServer.start();
        try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8)) {
            int port = Integer.parseInt(output.readLine());
            try (Socket socket = Encryption.over(new Socket(InetAddress.getLoopbackAddress(), port))) {
                send(socket.getOutputStream(), blocks, chunked);
                String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + blocks + " blocks");
            }
            server.getOutputStream().close();
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    private static void send(OutputStream out, long blocks, boolean chunked) throws IOException {
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + blocks * UploadedBlocks.BYTES;
        write(out, "POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + framing + "\r\n\r\n");
        byte[] block = UploadedBlocks.first();
        for (long i = 0; i < blocks; i++) {
            UploadedBlocks.number(block, i);
            if (chunked) {
                write(out, Integer.toHexString(UploadedBlocks.BYTES) + "\r\n");
            }
            out.write(block);
            if (chunked) {
                write(out, "\r\n");
            }
        }
        if (chunked) {
            write(out, "0\r\n\r\n");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
