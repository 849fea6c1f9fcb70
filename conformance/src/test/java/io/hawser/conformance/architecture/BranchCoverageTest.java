// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Type;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Every branch of the protocol is run by the protocol's own tests, but for those listed with a reason in
 * protocol/uncovered-branches.txt. A line there is {@code package/Class#method(Types) missed | reason}; it names no source
 * line, so it stands while code moves.
 */
class BranchCoverageTest {
    private static final Pattern ENTRY = Pattern.compile("(\\S+#\\S+) (\\d+) \\| (\\S.*)");
    private static final Path MODULE = Checkout.root().resolve("protocol");
    private static final Path REPORT = MODULE.resolve("target/site/jacoco/jacoco.xml");
    private static final String HOW_TO = "run the protocol's tests first: mvn -pl conformance -am verify";

    @BeforeAll
    static void hasFreshReport() throws IOException {
        assertThat(REPORT).as(HOW_TO).exists();
        var written = Files.getLastModifiedTime(REPORT);
        for (Path file : Checkout.files(Checkout.classes("protocol"), Integer.MAX_VALUE, ".class").toList()) {
            assertThat(Files.getLastModifiedTime(file))
                    .as("%s is newer than the coverage report; %s", file.getFileName(), HOW_TO)
                    .isLessThanOrEqualTo(written);
        }
    }

    @Test
    void onlyListedBranchesAreUncovered() throws Exception {
        assertThat(differences(listed(MODULE.resolve("uncovered-branches.txt")), uncovered())).isEmpty();
    }

    @Test
    void comparesBothWays() {
        var listed = Map.of("a/A#f()", 1, "a/A#g()", 1, "a/A#h()", 2);
        var uncovered = Map.of("a/A#f()", 1, "a/A#h()", 1, "a/A#i()", 3);
        assertThat(differences(listed, uncovered)).containsExactly(
                "a/A#g(): listed with 1 branches, but all are covered: remove it",
                "a/A#h(): listed with 2 branches, but 1 are uncovered: correct it",
                "a/A#i(): 3 branches are uncovered: test them, or list them with a reason");
    }

    private static List<String> differences(Map<String, Integer> listed, Map<String, Integer> uncovered) {
        return Stream.concat(listed.keySet().stream(), uncovered.keySet().stream()).distinct().sorted()
                .filter(method -> !listed.getOrDefault(method, 0).equals(uncovered.getOrDefault(method, 0)))
                .map(method -> method + ": " + difference(listed.getOrDefault(method, 0), uncovered.getOrDefault(method, 0)))
                .toList();
    }

    private static String difference(int listed, int uncovered) {
        if (listed == 0) {
            return uncovered + " branches are uncovered: test them, or list them with a reason";
        }
        return uncovered == 0
                ? "listed with %d branches, but all are covered: remove it".formatted(listed)
                : "listed with %d branches, but %d are uncovered: correct it".formatted(listed, uncovered);
    }

    private static Map<String, Integer> listed(Path file) throws IOException {
        Map<String, Integer> listed = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                Matcher entry = ENTRY.matcher(line);
                assertThat(entry.matches()).as("not of the form 'package/Class#method(Types) missed | reason': %s", line).isTrue();
                assertThat(listed.put(entry.group(1), Integer.valueOf(entry.group(2)))).as("listed twice: %s", line).isNull();
            }
        }
        return listed;
    }

    private static Map<String, Integer> uncovered() throws IOException, ParserConfigurationException, SAXException {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        var report = factory.newDocumentBuilder().parse(REPORT.toFile());
        Map<String, Integer> uncovered = new TreeMap<>();
        for (Element type : elements(report.getElementsByTagName("class"))) {
            for (Element method : elements(type.getElementsByTagName("method"))) {
                elements(method.getElementsByTagName("counter")).stream()
                        .filter(counter -> counter.getAttribute("type").equals("BRANCH"))
                        .mapToInt(counter -> Integer.parseInt(counter.getAttribute("missed")))
                        .filter(missed -> missed > 0)
                        .forEach(missed -> uncovered.put(name(type, method), missed));
            }
        }
        return uncovered;
    }

    private static String name(Element type, Element method) {
        String parameters = Stream.of(Type.getArgumentTypes(method.getAttribute("desc")))
                .map(parameter -> parameter.getClassName().replaceAll(".*\\.", ""))
                .collect(Collectors.joining(","));
        return "%s#%s(%s)".formatted(type.getAttribute("name"), method.getAttribute("name"), parameters);
    }

    private static List<Element> elements(NodeList nodes) {
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
    }
}
