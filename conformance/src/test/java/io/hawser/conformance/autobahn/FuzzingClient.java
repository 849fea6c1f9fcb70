// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The suite's fuzzing client, which tests servers. */
final class FuzzingClient {
    /** A run takes about 20 seconds on two cores. */
    private static final Duration HANG_GUARD = Duration.ofMinutes(4);

    private final Path report;
    private final Suite suite;

    /** Makes a client that finds the suite in a directory and keeps its log, its reports and its temporary files there. */
    FuzzingClient(Path directory) {
        this.report = directory.toAbsolutePath().resolve("report");
        this.suite = new Suite(directory, "fuzzingclient");
    }

    /**
     * Runs the cases against every server, given as address by name, and waits for the end.
     *
     * @return the directory of the report
     * @throws AssertionError if the suite failed or hung; shows the end of its log
     */
    Path run(Map<String, String> servers) throws IOException, InterruptedException {
        List<String> arguments = servers.entrySet().stream()
                .map(server -> server.getKey() + "=" + server.getValue())
                .toList();
        Process client = suite.process(report, arguments)
                .redirectErrorStream(true)
                .redirectOutput(suite.log().toFile())
                .start();
        try {
            if (!client.waitFor(HANG_GUARD.toSeconds(), TimeUnit.SECONDS)) {
                throw suite.failure("had not ended after " + HANG_GUARD.toSeconds() + " s");
            }
        } finally {
            client.destroyForcibly();
        }
        if (client.exitValue() != 0 || !Files.exists(report.resolve("index.json"))) {
            throw suite.failure("ended with exit code " + client.exitValue() + " and no report");
        }
        return report;
    }
}
