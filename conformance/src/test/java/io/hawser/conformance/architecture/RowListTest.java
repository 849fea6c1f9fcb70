// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The lists of what Hawser can do and what it withstands, docs/parity.md and docs/hostile.md, say what the tests prove: a
 * row that is done has a test with its tag, each test class that a row names carries its tag, and each tag names a row.
 */
class RowListTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z]\\d+|\\d+) \\| (.+) \\| (.+) \\| (.*?) ?\\|");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([^\"]+)\"\\)");
    private static final Pattern TEST_CLASS = Pattern.compile("`(\\w+Test)`");
    private static final int ROWS = 75 + 63;
    private static final Set<String> STATES = Set.of("done", "in part", "not yet");

    @Test
    void listsSayWhatTheTestsProve() throws IOException {
        assertThat(faults(rows(), tests())).isEmpty();
    }

    @Test
    void findsEachFault() {
        var rows = Map.of(
                "H1", new Row("done", Set.of("ATest", "BTest")),
                "H2", new Row("done", Set.of()),
                "H3", new Row("nearly", Set.of()),
                "H4", new Row("not yet", Set.of()),
                "H5", new Row("in part", Set.of("CTest")));
        var tests = Map.of("H1", Set.of("ATest"), "H5", Set.of("CTest"), "H9", Set.of("DTest"));
        assertThat(faults(new TreeMap<>(rows), new TreeMap<>(tests))).containsExactly(
                "H1 names BTest, which does not carry its tag",
                "H2 is done, but no test carries its tag",
                "H3 is 'nearly', which is none of done, in part, not yet",
                "H9 is a tag of [DTest], but no row");
    }

    private record Row(String state, Set<String> namedTests) {}

    private static List<String> faults(Map<String, Row> rows, Map<String, Set<String>> tests) {
        List<String> faults = new ArrayList<>();
        rows.forEach((tag, row) -> {
            Set<String> carriers = tests.getOrDefault(tag, Set.of());
            if (!STATES.contains(row.state())) {
                faults.add(tag + " is '" + row.state() + "', which is none of done, in part, not yet");
            }
            if (row.state().equals("done") && carriers.isEmpty()) {
                faults.add(tag + " is done, but no test carries its tag");
            }
            row.namedTests().stream().filter(name -> !carriers.contains(name)).sorted()
                    .forEach(name -> faults.add(tag + " names " + name + ", which does not carry its tag"));
        });
        tests.forEach((tag, carriers) -> {
            if (!rows.containsKey(tag)) {
                faults.add(tag + " is a tag of " + carriers + ", but no row");
            }
        });
        return faults;
    }

    /** The rows by the tags that their tests carry. */
    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        Path docs = Checkout.root().resolve("docs");
        addRows(docs.resolve("parity.md"), "", rows);
        addRows(docs.resolve("hostile.md"), "hostile-", rows);
        assertThat(rows).as("rows of both lists, of which none is ever dropped").hasSizeGreaterThanOrEqualTo(ROWS);
        return rows;
    }

    private static void addRows(Path list, String prefix, Map<String, Row> rows) throws IOException {
        for (String line : Files.readAllLines(list)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Row before = rows.put(prefix + row.group(1), new Row(row.group(3), testClassesIn(row.group(4))));
                assertThat(before).as("twice in %s: %s", list.getFileName(), row.group(1)).isNull();
            }
        }
    }

    private static Set<String> testClassesIn(String text) {
        return TEST_CLASS.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toUnmodifiableSet());
    }

    /** The names of the test classes that carry each tag. */
    private static Map<String, Set<String>> tests() throws IOException {
        Map<String, Set<String>> tests = new TreeMap<>();
        for (String module : List.of("protocol", "core", "netty", "testkit", "cli", "conformance", "streams-tck", "fuzz", "examples")) {
            Path sources = Checkout.root().resolve(module).resolve("src/test/java");
            for (Path file : Checkout.files(sources, Integer.MAX_VALUE, ".java").toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                TAG.matcher(Files.readString(file)).results()
                        .forEach(tag -> tests.computeIfAbsent(tag.group(1), any -> new TreeSet<>()).add(name));
            }
        }
        return tests;
    }
}
