// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One streamed message many times the heap of the server, which is a process of its own with 64 MiB. The message has 1 GiB, or as many
 * GiB as the property {@code hawser.streamedGiB} says.
 */
@Timeout(300)
class SmallHeapTest {
    private static final String HEAP = "-Xmx64m";
    private static final long BLOCKS =
            Long.getLong("hawser.streamedGiB", 1) * ((1L << 30) / Pattern.BLOCK_BYTES);

    private static Process server;
    private static int port;

    @BeforeAll
    static void startServer() throws IOException {
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamedEcho.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
        port = Integer.parseInt(said.readLine());
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.getOutputStream().close();
        boolean ended = server.waitFor(30, TimeUnit.SECONDS);
        server.destroyForcibly();
        assertThat(ended).as("the server ends with its input").isTrue();
        assertThat(server.exitValue()).isZero();
    }

    @ParameterizedTest(name = "{0}, in one frame: {1}")
    @CsvSource({"/streams, true", "/each, false", "/direct, false"})
    @Tag("M1")
    @Tag("M8")
    void echoesAMessageManyTimesItsHeap(String path, boolean inOneFrame) throws Exception {
        // Closed in reverse: an end of the connection also ends a send that is stuck.
        try (ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor();
                Caller caller = new Caller(port, path)) {
            Future<?> sent = sender.submit(() -> {
                caller.send(BLOCKS, inOneFrame);
                return null;
            });
            caller.expectEcho(BLOCKS);
            sent.get();
        }
        assertThat(server.isAlive()).isTrue();
    }
}
