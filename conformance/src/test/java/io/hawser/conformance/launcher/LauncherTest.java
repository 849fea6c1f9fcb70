// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.conformance.architecture.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private static final Instant BUILT = Instant.parse("2026-01-02T00:00:00Z");
    private static final Instant BEFORE = BUILT.minusSeconds(60);
    private static final Instant AFTER = BUILT.plusSeconds(60);
    private static final List<String> TOOLS =
            List.of("find", "sed", "head", "dirname", "readlink", "mktemp", "touch", "mkdir", "rm", "cat", "flock");

    @TempDir
    private Path folder;

    private Path checkout;
    private Path source;
    private Path jar;
    private Path bin;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void layOutCheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a check out"));
        Files.copy(Checkout.root().resolve("hawser"), checkout.resolve("hawser"));
        makeExecutable(checkout.resolve("hawser"));
        source = write("core/src/main/java/Core.java", "");
        write("protocol/src/main/java/Protocol.java", "");
        write("cli/src/main/resources/demo.html", "");
        for (String pom : List.of("pom.xml", "protocol/pom.xml", "core/pom.xml", "cli/pom.xml")) {
            write(pom, "");
        }
        Files.createDirectories(checkout.resolve("cli/target/lib"));
        jar = write("cli/target/hawser-cli.jar", "");
        try (Stream<Path> all = Files.walk(checkout)) {
            for (Path file : all.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(BEFORE));
            }
        }
        Files.setLastModifiedTime(jar, FileTime.from(BUILT));

        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool))) {
                    script(bin.resolve(tool), "exec %s/%s \"$@\"".formatted(place, tool));
                }
            }
        }
        environment.put("PATH", bin.toString());
        environment.put("HAWSER_JDKS", Files.createDirectories(folder.resolve("jdks")).toString());
    }

    @Test
    void startsWithoutMavenWhenUpToDate() throws Exception {
        useJavaHome(jdk("home", "25.0.1"));

        Run run = run("demo", "--port", "0", "two words", "");

        assertThat(run.error).isEmpty();
        assertThat(run.output).containsExactly(
                "home " + run.pid, "-Xmx512m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", jar.toRealPath().toString(), "io.hawser.cli.HawserCommand", "demo", "--port", "0", "two words", "");
    }

    @Test
    void leavesOutWhatJdk21DoesNotKnow() throws Exception {
        useJavaHome(jdk("home", "21.0.4"));

        assertThat(run().output).contains("--enable-native-access=ALL-UNNAMED")
                .doesNotContain("--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void replacesDefaultOptionsByJavaOpts() throws Exception {
        useJavaHome(jdk("home", "21"));
        environment.put("JAVA_OPTS", "-Xmx2g -Dfiles=*");

        assertThat(run().output).contains("-Xmx2g", "-Dfiles=*").doesNotContain("-Xmx512m");
    }

    @Test
    void passesOverAnOlderJavaHomeAndPath() throws Exception {
        useJavaHome(jdk("old", "17.0.15"));
        Files.createSymbolicLink(bin.resolve("java"), jdk("older", "1.8.0_432").resolve("bin/java"));
        jdk("jdks/a-17", "17.0.2");
        jdk("jdks/b-25", "25-ea");

        assertThat(run().output).first().asString().startsWith("b-25 ");
    }

    @Test
    void prefersJavaHomeToPathToTheUsualPlaces() throws Exception {
        jdk("jdks/usual", "25");
        assertThat(run().output).first().asString().startsWith("usual ");

        Files.createSymbolicLink(bin.resolve("java"), jdk("path", "24").resolve("bin/java"));
        assertThat(run().output).first().asString().startsWith("path ");

        useJavaHome(jdk("home", "21"));
        assertThat(run().output).first().asString().startsWith("home ");
    }

    @Test
    void asksJavaWhereNoFileTellsItsVersion() throws Exception {
        Path old = jdk("jdks/a-old", "17.0.15");
        Path fitting = jdk("jdks/b-fitting", "22.0.1");
        Files.delete(old.resolve("release"));
        Files.delete(fitting.resolve("release"));

        assertThat(run().output).first().asString().startsWith("b-fitting ");
    }

    @Test
    void startsFromAnyFolderThroughLinks() throws Exception {
        useJavaHome(jdk("home", "21"));
        Path link = Files.createSymbolicLink(folder.resolve("first"), Path.of("a check out/hawser"));
        Path linkToLink = Files.createSymbolicLink(Files.createDirectories(folder.resolve("x y")).resolve("hawser"),
                Path.of("../first"));

        assertThat(run(link).output).contains(jar.toRealPath().toString());
        assertThat(run(linkToLink).output).contains(jar.toRealPath().toString());
    }

    @Test
    void saysWhatToInstallWithoutJdk() throws Exception {
        useJavaHome(jdk("old", "17"));

        Run run = run();

        assertThat(run.status).isEqualTo(1);
        assertThat(run.output).isEmpty();
        assertThat(run.error).singleElement().asString().startsWith("hawser: needs a JDK 21 or later");
    }

    @Test
    void saysWhatToInstallWithoutMaven() throws Exception {
        useJavaHome(jdk("home", "21"));
        Files.delete(jar);

        Run run = run();

        assertThat(run.status).isEqualTo(1);
        assertThat(run.error).singleElement().asString().startsWith("hawser: needs Maven 3.8 or later");
    }

    @Test
    void buildsWithTheJdkItFoundWhenTheJarIsMissing() throws Exception {
        Path jdk = jdk("jdks/found", "21");
        maven("echo noise; echo \"$JAVA_HOME\" > used; mkdir -p cli/target/lib; touch cli/target/hawser-cli.jar");
        Files.delete(jar);

        Run run = run("demo");

        assertThat(run.error).containsExactly("Building Hawser …");
        assertThat(run.output).first().asString().startsWith("found ");
        assertThat(checkout.resolve("used")).hasContent(jdk.toString());
        assertThat(run("demo").error).isEmpty();
    }

    @Test
    void buildsWhenAnythingIsNewer() throws Exception {
        useJavaHome(jdk("home", "21"));
        maven("touch cli/target/hawser-cli.jar");
        for (String changed : List.of("pom.xml", "protocol/pom.xml", "core/pom.xml", "cli/pom.xml",
                "protocol/src/main/java/Protocol.java", "core/src/main/java/Core.java", "cli/src/main/resources/demo.html")) {
            Files.setLastModifiedTime(jar, FileTime.from(BUILT));
            Files.setLastModifiedTime(checkout.resolve(changed), FileTime.from(AFTER));

            assertThat(run().error).as(changed).containsExactly("Building Hawser …");
            assertThat(run().error).as(changed).isEmpty();

            Files.setLastModifiedTime(checkout.resolve(changed), FileTime.from(BEFORE));
        }
    }

    @Test
    void buildsWhenASourceWasRemoved() throws Exception {
        useJavaHome(jdk("home", "21"));
        maven("touch cli/target/hawser-cli.jar");
        Files.delete(source);

        assertThat(run().error).containsExactly("Building Hawser …");
    }

    @Test
    void passesOverAJavaWithoutCompilerWhenItMustBuild() throws Exception {
        Path runtime = jdk("runtime", "25");
        Files.delete(runtime.resolve("bin/javac"));
        useJavaHome(runtime);
        jdk("jdks/full", "21");
        maven("touch cli/target/hawser-cli.jar");
        assertThat(run().output).first().asString().startsWith("runtime ");

        Files.setLastModifiedTime(source, FileTime.from(AFTER));

        assertThat(run().output).first().asString().startsWith("full ");
    }

    @Test
    void showsWhatMavenSaidWhenTheBuildFails() throws Exception {
        useJavaHome(jdk("home", "21"));
        maven("echo 'Core.java:1: no such type'; exit 3");
        Files.setLastModifiedTime(source, FileTime.from(AFTER));

        Run run = run();

        assertThat(run.status).isEqualTo(1);
        assertThat(run.output).isEmpty();
        assertThat(run.error)
                .containsExactly("Building Hawser …", "Core.java:1: no such type", "hawser: the build failed, see above");
    }

    private Path write(String name, String text) throws IOException {
        Path file = checkout.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** A fake one, whose java prints its home's name and process id and then each argument on a line. */
    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/javac"), "exit 1");
        script(home.resolve("bin/java"), """
                if [ "$1" = -version ]; then echo 'openjdk version "%s" 2026-01-01' >&2; exit; fi
                echo "%s $$"
                printf '%%s\\n' "$@"
                """.formatted(version, home.getFileName()));
        return home;
    }

    private void useJavaHome(Path home) {
        environment.put("JAVA_HOME", home.toString());
    }

    private void maven(String text) throws IOException {
        script(bin.resolve("mvn"), text);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        makeExecutable(file);
    }

    private static void makeExecutable(Path file) {
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        return run(checkout.resolve("hawser"), arguments);
    }

    private Run run(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path error = Files.createTempFile(folder, "error", ".txt");
        var builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(output.toFile()).redirectError(error.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        int status = process.waitFor();
        return new Run(process.pid(), status, Files.readAllLines(output, UTF_8), Files.readAllLines(error, UTF_8));
    }

    private record Run(long pid, int status, List<String> output, List<String> error) {}
}
