// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The suite's fuzzing server, which tests clients; it takes some 16 seconds to listen. */
final class FuzzingServer implements AutoCloseable {
    private static final String LISTENING = "listening on ";

    private final Path report;
    private final Process process;
    private final BufferedReader output;
    private final int port;

    private FuzzingServer(Path report, Process process, BufferedReader output, int port) {
        this.report = report;
        this.process = process;
        this.output = output;
        this.port = port;
        // What it prints of each case must be taken, or it would wait.
        Thread.ofVirtual().start(() -> output.lines().forEach(line -> {}));
    }

    /** Starts a server that finds the suite in a directory, and waits until it listens. */
    static FuzzingServer start(Path directory) throws IOException {
        Path report = directory.toAbsolutePath().resolve("client-report");
        Suite suite = new Suite(directory, "fuzzingserver");
        Process process = suite.process(report, List.of())
                .redirectError(suite.log().toFile())
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                int port = Integer.parseInt(line.substring(LISTENING.length()));
                return new FuzzingServer(report, process, output, port);
            }
        }
        process.destroyForcibly();
        throw suite.failure("ended before it listened");
    }

    int port() {
        return port;
    }

    /** The directory of the report, once clients have asked for it. */
    Path report() {
        return report;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close(); // ends it
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            output.close();
        }
    }
}
