// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Somebody else's client of HTTP, from a package of the machine's. */
enum Program {
    CURL,
    WRK;

    /** Of Debian; the command's name as well. */
    private String packageName() {
        return switch (this) {
            case CURL -> "curl";
            case WRK -> "wrk";
        };
    }

    /**
     * How a run ended.
     *
     * @param status 0 if all went well
     * @param output what it wrote, a byte a character
     * @param errors what it said beside that
     */
    record Run(int status, String output, String errors) {
        /** Asserts that it says of itself that all went well. */
        Run expectSuccess() {
            assertThat(status).as("%s", errors).isZero();
            return this;
        }
    }

    /** Starts it; its output is a pipe, and so is its input. */
    Process start(Path errors, List<String> arguments) throws IOException {
        assumeTrue(isInstalled(), () -> "needs a package (Debian: apt-get install " + packageName() + ")");
        List<String> command = new ArrayList<>(List.of(packageName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(errors.toFile()).start();
    }

    private boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, packageName())));
    }

    /** Runs it to its end, with nothing to read. */
    Run run(Path folder, String... arguments) throws IOException, InterruptedException {
        return run(folder, new byte[0], arguments);
    }

    /** Runs it to its end. */
    Run run(Path folder, byte[] input, String... arguments) throws IOException, InterruptedException {
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        Process process = start(errors, List.of(arguments));
        try {
            Thread feeder = Thread.startVirtualThread(() -> feed(process, input));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            feeder.join();
            assertThat(process.waitFor(HttpTarget.HANG_GUARD.toSeconds(), TimeUnit.SECONDS)).as("%s ends", this).isTrue();
            return new Run(process.exitValue(), output, Files.readString(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void feed(Process process, byte[] input) {
        try (var in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException ended) {
            // Its status says whether it wanted more.
        }
    }
}
