// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each block of Java in README and the guides is code of the examples, which is compiled and run. */
class DocumentedCodeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Path ROOT = root();

    /** The checkout, wherever the build was started in it. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CHANGELOG.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Test
    void isCodeOfTheExamples() throws IOException {
        List<String> sources = files(ROOT.resolve("examples/src"), ".java");
        assertThat(blocks()).isNotEmpty().allSatisfy(block ->
                assertThat(sources.stream().map(DocumentedCodeTest::unindented))
                        .as(block)
                        .anyMatch(source -> source.contains(unindented(block))));
    }

    /** A block that opens what it never closes, or the reverse, is cut out of its place in the examples. */
    @Test
    void isWhole() throws IOException {
        assertThat(blocks()).allSatisfy(block -> {
            int depth = 0;
            for (int at = 0; at < block.length(); at++) {
                char sign = block.charAt(at);
                depth += sign == '{' || sign == '(' ? 1 : sign == '}' || sign == ')' ? -1 : 0;
                assertThat(depth).as("brackets open in%n%s", block).isNotNegative();
            }
            assertThat(depth).as("brackets left open in%n%s", block).isZero();
        });
    }

    private static List<String> blocks() throws IOException {
        List<String> pages = new ArrayList<>(files(ROOT.resolve("docs/guide"), ".md"));
        pages.add(Files.readString(ROOT.resolve("README.md")));
        return pages.stream()
                .flatMap(page -> BLOCK.matcher(page).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static String unindented(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static List<String> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            List<String> texts = new ArrayList<>();
            for (Path file : found.filter(path -> path.toString().endsWith(suffix)).sorted().toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }
}
