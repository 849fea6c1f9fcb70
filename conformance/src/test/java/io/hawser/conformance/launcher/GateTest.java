// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate's script on machines that lack something, each of them faked. */
class GateTest {
    private static final List<String> TOOLS = List.of("sed", "cut", "sort", "awk", "readlink", "dirname", "env", "mkdir", "cp");

    @TempDir
    private Path folder;

    private Path bin;
    private Path jdks;
    private Path gate;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void layOutMachine() throws IOException {
        gate = Files.createDirectories(folder.resolve("a check out/.ci")).resolve("run");
        Files.copy(Checkout.root().resolve(".ci/run"), gate);
        bin = Files.createDirectories(folder.resolve("bin"));
        jdks = Files.createDirectories(folder.resolve("jdks"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool))) {
                    script(bin.resolve(tool), "exec %s/%s \"$@\"".formatted(place, tool));
                }
            }
        }
        script(bin.resolve("mvn"), "echo \"mvn on $JAVA_HOME: $*\"");
        script(bin.resolve("chromium"), "");
        script(bin.resolve("chromedriver"), "");
        script(bin.resolve("node"), "");
        script(bin.resolve("python3"), "");
        script(bin.resolve("curl"), "");
        script(bin.resolve("wrk"), "");
        userId(0);
        environment.put("PATH", bin.toString());
        environment.put("HAWSER_JDKS", jdks.toString());
    }

    @Test
    void runsMavenOnTheJdkThatItFinds() throws Exception {
        environment.put("JAVA_HOME", jdk("old", "17.0.15").toString());
        Path usual = jdk("jdks/usual", "25-ea");
        assertThat(run().output).containsExactly(verifyOn(usual));

        Path onPath = jdk("path", "24");
        Files.createSymbolicLink(bin.resolve("javac"), onPath.resolve("bin/javac"));
        assertThat(run().output).containsExactly(verifyOn(onPath));

        Path home = jdk("home", "21.0.4");
        environment.put("JAVA_HOME", home.toString());
        assertThat(run().output).containsExactly(verifyOn(home));
    }

    @Test
    void installsTheOldestJdkThatIsNewEnough() throws Exception {
        packages("openjdk-25-jdk-headless", "openjdk-17-jdk-headless", "openjdk-21-jdk-headless");
        Path installed = jdk("installed", "21");
        script(bin.resolve("apt-get"), "case \"$*\" in *install*) echo \"$*\" >&2; cp -r '%s' '%s';; esac".formatted(installed, jdks));
        Files.delete(bin.resolve("chromium"));

        Run run = run();

        assertThat(run.output).containsExactly(
                "Installing chromium openjdk-21-jdk-headless", verifyOn(jdks.resolve("installed")));
        assertThat(run.error).singleElement().asString().endsWith(" chromium openjdk-21-jdk-headless");
    }

    @Test
    void saysWhatIsLackingWhereNoPackageIsNewEnough() throws Exception {
        packages("openjdk-17-jdk-headless");
        script(bin.resolve("apt-get"), "");
        assertFailsWith("lacks a JDK 21 or later, and this system has no package of one; install it and set JAVA_HOME");
    }

    @Test
    void saysWhatIsLackingWhereItMayNotInstall() throws Exception {
        script(bin.resolve("apt-get"), "");
        userId(1000);
        Files.delete(bin.resolve("mvn"));
        assertFailsWith("lacks a JDK 21 or later, maven; install it, or run this as root or where sudo is");
    }

    @Test
    void saysWhatIsLackingWhereThereIsNoApt() throws Exception {
        assertFailsWith("lacks a JDK 21 or later, and there is no apt-get to install it with");
    }

    private void assertFailsWith(String line) throws Exception {
        Run run = run();
        assertThat(run.status).isEqualTo(1);
        assertThat(run.output).isEmpty();
        assertThat(run.error).containsExactly(".ci/run: " + line);
    }

    private static String verifyOn(Path jdk) {
        return "mvn on " + jdk + ": --batch-mode --no-transfer-progress verify";
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        script(Files.createDirectories(home.resolve("bin")).resolve("javac"), "echo 'javac " + version + "'");
        return home;
    }

    private void packages(String... names) throws IOException {
        script(bin.resolve("apt-cache"), "printf '%s - the kit\\n' " + String.join(" ", names));
    }

    private void userId(int number) throws IOException {
        script(bin.resolve("id"), "echo " + number);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Run run() throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path error = Files.createTempFile(folder, "error", ".txt");
        var builder = new ProcessBuilder("/bin/bash", gate.toString())
                .redirectOutput(output.toFile()).redirectError(error.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        return new Run(status, Files.readAllLines(output, UTF_8), Files.readAllLines(error, UTF_8));
    }

    private record Run(int status, List<String> output, List<String> error) {}
}
