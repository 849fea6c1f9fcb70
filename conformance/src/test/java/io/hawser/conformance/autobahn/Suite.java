// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The suite in a JVM of its own under Jython: it is written in Python 2, and neither it nor Jython is on our class path. The build puts both into
 * {@code target/autobahn}, the suite unpacked: Jython keeps what it has compiled of it there, and starts in two thirds of the time from then on. Two
 * processes must not be started at once, as they would compile it in the same place.
 */
final class Suite {
    private static final String SUITE = "suite";
    private static final String JYTHON = "jython-standalone.jar";
    private static final int LOG_LINES_SHOWN = 40;

    private final Path directory;
    private final String script;

    /**
     * A script of ours that drives the suite.
     *
     * @param directory has Jython and the suite, and takes log and temporary files
     * @param script its name without the ending
     */
    Suite(Path directory, String script) {
        this.directory = directory.toAbsolutePath();
        this.script = script;
    }

    /** Where the process's output goes to, if not elsewhere. */
    Path log() {
        return directory.resolve(script + ".log");
    }

    /** A process that runs the script with an empty directory for its report and further arguments. */
    ProcessBuilder process(Path report, List<String> arguments) throws IOException {
        delete(report);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Most of the run is waiting: what counts is a quick start.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-Xmx512m");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
        command.add("-Dpython.cachedir.skip=true");
        command.add("-Dpython.path=" + present(SUITE));
        command.add("-cp");
        command.add(present(JYTHON).toString());
        command.add("org.python.util.jython");
        // -S, -E: nothing of the machine's own Python
        command.add("-S");
        command.add("-E");
        command.add(path().toString());
        command.add(report.toString());
        command.addAll(arguments);
        return new ProcessBuilder(command).directory(directory.toFile());
    }

    private Path present(String name) {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            throw new AssertionError(file + " is missing: Maven puts it there before the tests of this module run");
        }
        return file;
    }

    private Path path() {
        try {
            return Path.of(Suite.class.getResource("/autobahn/" + script + ".py").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A failure that shows the end of the log. */
    AssertionError failure(String what) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
        List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        return new AssertionError(script + " " + what + ". The end of " + log() + ":\n" + String.join("\n", end));
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
