// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.hawser.tls.Encryption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs groups 1 to 7 and 10 of the Autobahn suite against the demo's echo in every face, and compares what it says,
 * case by case, with {@code expected.txt}. A summary by group is left in {@code target/autobahn/summary.md}, the
 * suite's own pages in {@code target/autobahn/report/index.html}.
 */
@Tag("A1")
@Isolated("many of the suite's cases allow a second")
class AutobahnServerTest {
    private static final String HOST = "127.0.0.1";

    /** The cases that the suite runs, but doesn't grade. */
    private static final List<String> UNGRADED = List.of("7.1.6", "7.13.1", "7.13.2");

    private static SuiteReport report;

    @BeforeAll
    static void runSuite() throws Exception {
        Path directory = Path.of("target", "autobahn");
        try (EchoServer server = EchoServer.start();
                Relay relay = Relay.toServer(server.port())) {
            report = runSuite(directory, Encryption.isOn() ? relay.port() : server.port());
        }
        if (!Encryption.isOn()) {
            Files.writeString(directory.resolve("summary.md"), report.summary());
        }
    }

    private static SuiteReport runSuite(Path directory, int port) throws Exception {
        Map<String, String> servers = new TreeMap<>();
        for (DemoFace face : DemoFace.values()) {
            servers.put(face.label(), "ws://" + HOST + ":" + port + face.path());
        }
        return SuiteReport.read(new FuzzingClient(directory).run(servers));
    }

    @ParameterizedTest
    @EnumSource
    void everyCaseEndsAsExpected(DemoFace face) throws Exception {
        Map<String, Outcome> expected = Outcome.expected();
        List<String> differences = report.differences(face, expected);
        if (!differences.isEmpty()) {
            fail("%d of %d cases did not end as expected (behaviour / on closing / close code):%n%s",
                    differences.size(), expected.size(), String.join("\n", differences));
        }
    }

    @Test
    void nothingIsExpectedButOkWhereTheSuiteGrades() throws Exception {
        Map<String, Outcome> expected = Outcome.expected();

        assertThat(expected).hasSize(247);
        expected.forEach((id, outcome) -> {
            String grade = UNGRADED.contains(id) ? "INFORMATIONAL" : Outcome.OK;
            assertThat(outcome.behavior()).as(id).isEqualTo(grade);
            assertThat(outcome.behaviorClose()).as(id).isEqualTo(grade);
        });
    }
}
