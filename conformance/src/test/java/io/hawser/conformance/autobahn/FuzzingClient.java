// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The suite's fuzzing client, in a JVM of its own under Jython: the suite is written in Python 2, and neither it nor
 * Jython is on our class path. The build copies both jars to {@code target/autobahn}.
 */
final class FuzzingClient {
    private static final String SUITE = "autobahntestsuite-maven-plugin.jar";
    private static final String JYTHON = "jython-standalone.jar";

    /** A run takes about 20 seconds on two cores. */
    private static final Duration HANG_GUARD = Duration.ofMinutes(4);

    private static final int LOG_LINES_SHOWN = 40;

    private final Path directory;

    /**
     * Makes a client that finds its jars in a directory and keeps its log, its reports and its temporary files there.
     */
    FuzzingClient(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /**
     * Runs the cases against every server, given as address by name, and waits for the end.
     *
     * @return the directory of the report
     * @throws AssertionError if the suite failed or hung; shows the end of its log
     */
    Path run(Map<String, String> servers) throws IOException, InterruptedException {
        Path report = directory.resolve("report");
        delete(report);
        Path log = directory.resolve("fuzzingclient.log");
        Process client = new ProcessBuilder(command(report, servers))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!client.waitFor(HANG_GUARD.toSeconds(), TimeUnit.SECONDS)) {
                throw failure("had not ended after " + HANG_GUARD.toSeconds() + " s", log);
            }
        } finally {
            client.destroyForcibly();
        }
        if (client.exitValue() != 0 || !Files.exists(report.resolve("index.json"))) {
            throw failure("ended with exit code " + client.exitValue() + " and no report", log);
        }
        return report;
    }

    private List<String> command(Path report, Map<String, String> servers) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Most of the run is waiting: what counts is a quick start.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Xmx512m");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        command.add("-Dpython.cachedir.skip=true");
        command.add("-cp");
        command.add(jar(JYTHON) + File.pathSeparator + jar(SUITE));
        command.add("org.python.util.jython");
        // -S, -E: nothing of the machine's own Python
        command.add("-S");
        command.add("-E");
        command.add(script().toString());
        command.add(report.toString());
        servers.forEach((name, address) -> command.add(name + "=" + address));
        return command;
    }

    private Path jar(String name) {
        Path jar = directory.resolve(name);
        if (!Files.exists(jar)) {
            throw new AssertionError(jar + " is missing: Maven copies it there before the tests of this module run");
        }
        return jar;
    }

    private static Path script() {
        try {
            return Path.of(FuzzingClient.class.getResource("/autobahn/fuzzingclient.py").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AssertionError failure(String what, Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
        List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        return new AssertionError(
                "The fuzzing client " + what + ". The end of " + log + ":\n" + String.join("\n", end));
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
