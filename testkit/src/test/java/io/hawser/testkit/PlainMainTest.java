// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Message;
import io.hawser.protocol.Frame;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The testkit on a class path of its own, with what it needs and no more: no JUnit, no AssertJ. */
class PlainMainTest {
    @Test
    @Tag("X2")
    void needsNoFrameworkOfTests() throws IOException, InterruptedException {
        assertThat(run("hawser.other=0")).contains("but the text \"Ahoi\" came").contains("at 3600 s, seed 1; -Dhawser.seed=1 runs it again");
    }

    @Test
    @Tag("X2")
    void takesTheSeedOfTheSystemProperty() throws IOException, InterruptedException {
        assertThat(run("hawser.seed=77")).contains("seed 77; -Dhawser.seed=77 runs it again");
    }

    private static String run(String property) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = Stream.of(PlainMain.class, HawserTest.class, Message.class, Frame.class, Logger.class)
                .map(PlainMainTest::whereFrom)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(List.of(java, "-D" + property, "-cp", classPath, PlainMain.class.getName()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String whereFrom(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
