// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The report that the suite wrote: its index, and beside it a file a case. */
final class SuiteReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<DemoFace, Map<String, JsonNode>> cases;

    private SuiteReport(Map<DemoFace, Map<String, JsonNode>> cases) {
        this.cases = cases;
    }

    /** Reads {@code index.json} in a directory, and the files that it names. */
    static SuiteReport read(Path directory) throws IOException {
        JsonNode index = JSON.readTree(directory.resolve("index.json").toFile());
        Map<DemoFace, Map<String, JsonNode>> cases = new EnumMap<>(DemoFace.class);
        for (DemoFace face : DemoFace.values()) {
            Map<String, JsonNode> ofFace = new TreeMap<>(SuiteReport::compareIds);
            for (Map.Entry<String, JsonNode> entry : index.path(face.label()).properties()) {
                Path file = directory.resolve(entry.getValue().required("reportfile").textValue());
                ofFace.put(entry.getKey(), JSON.readTree(file.toFile()));
            }
            cases.put(face, ofFace);
        }
        return new SuiteReport(cases);
    }

    /** What is not as expected of a face: a paragraph a case, in the suite's order; empty if all is well. */
    List<String> differences(DemoFace face, Map<String, Outcome> expected) {
        Map<String, JsonNode> actual = cases.get(face);
        TreeSet<String> ids = new TreeSet<>(SuiteReport::compareIds);
        ids.addAll(expected.keySet());
        ids.addAll(actual.keySet());
        List<String> differences = new ArrayList<>();
        for (String id : ids) {
            JsonNode report = actual.get(id);
            Outcome wanted = expected.get(id);
            if (report == null) {
                differences.add(face + " " + id + ": was not run; expected " + wanted);
            } else if (!outcome(report).equals(wanted)) {
                differences.add(describe(face + " " + id, wanted, report));
            }
        }
        return differences;
    }

    /** The outcomes counted by group and face, as a table in Markdown. */
    String summary() {
        StringBuilder table = new StringBuilder("| group | ");
        table.append(cases.keySet().stream().map(DemoFace::label).collect(joining(" | "))).append(" |\n|---|");
        table.append("---|".repeat(cases.size())).append('\n');
        TreeSet<String> groups = new TreeSet<>(SuiteReport::compareIds);
        cases.values().forEach(ofFace -> ofFace.keySet().forEach(id -> groups.add(group(id))));
        for (String group : groups) {
            table.append("| ").append(group).append(" |");
            for (Map<String, JsonNode> ofFace : cases.values()) {
                table.append(' ').append(counts(group, ofFace)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String counts(String group, Map<String, JsonNode> ofFace) {
        Map<String, Long> counts = ofFace.entrySet().stream()
                .filter(entry -> group(entry.getKey()).equals(group))
                .map(entry -> grade(outcome(entry.getValue())))
                .collect(groupingBy(grade -> grade, TreeMap::new, counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(joining(", "));
    }

    private static String grade(Outcome outcome) {
        return outcome.behavior().equals(outcome.behaviorClose())
                ? outcome.behavior()
                : outcome.behavior() + " with close " + outcome.behaviorClose();
    }

    private static Outcome outcome(JsonNode report) {
        JsonNode code = report.required("remoteCloseCode");
        return new Outcome(
                report.required("behavior").textValue(),
                report.required("behaviorClose").textValue(),
                code.isNull() ? Outcome.NO_CODE : code.asText(),
                report.required("rxFrameStats").path("8").asInt());
    }

    private static String describe(String title, Outcome wanted, JsonNode report) {
        return title + ": " + outcome(report) + "; expected " + (wanted == null ? "no such case" : wanted)
                + "\n    case:     " + plain(report.required("description"))
                + "\n    expected: " + plain(report.required("expectation"))
                + "\n    suite:    " + plain(report.required("result"))
                + "\n    closing:  " + plain(report.required("resultClose"))
                + "\n    received: " + report.required("received")
                + "\n    frames:   " + report.required("rxFrameStats") + " by opcode";
    }

    /** The suite writes for a web page: here without tags, and on one line. */
    private static String plain(JsonNode html) {
        return html.asText().replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
    }

    private static String group(String id) {
        return id.substring(0, id.indexOf('.'));
    }

    /** Orders 2.9 before 2.10. */
    private static int compareIds(String left, String right) {
        String[] lefts = left.split("\\.", -1);
        String[] rights = right.split("\\.", -1);
        for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
            int order = Integer.compare(Integer.parseInt(lefts[i]), Integer.parseInt(rights[i]));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(lefts.length, rights.length);
    }
}
