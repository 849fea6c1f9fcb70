// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much there may be of anything: what a user has to learn, and what a reader has to hold in mind. */
class SizeTest {
    private static final List<String> MODULES =
            List.of("protocol", "core", "netty", "testkit", "cli", "conformance", "streams-tck", "fuzz", "benchmarks", "examples");

    @Test
    void exportsFewTypes() {
        assertThat(Checkout.exportedTypes("protocol")).hasSizeLessThanOrEqualTo(25);
        assertThat(Checkout.exportedTypes("core")).hasSizeLessThanOrEqualTo(40);
        assertThat(Checkout.exportedTypes("netty")).hasSizeLessThanOrEqualTo(2);
        assertThat(Checkout.exportedTypes("testkit")).hasSizeLessThanOrEqualTo(25);
    }

    @Test
    void keepsFilesShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (String module : MODULES) {
            Path sources = Checkout.root().resolve(module).resolve("src");
            tooLong.addAll(longerThan(400, sources.resolve("main/java")));
            tooLong.addAll(longerThan(600, sources.resolve("test/java")));
        }
        assertThat(tooLong).isEmpty();
    }

    private static List<String> longerThan(int limit, Path sources) throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Checkout.files(sources, Integer.MAX_VALUE, ".java").toList()) {
            int lines = Files.readAllLines(file).size();
            if (lines > limit) {
                tooLong.add("%s has %d lines, more than %d".formatted(Checkout.root().relativize(file), lines, limit));
            }
        }
        return tooLong;
    }
}
