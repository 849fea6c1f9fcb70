// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.autobahn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.hawser.Connection;
import io.hawser.MessagePolicy;
import io.hawser.WebSocket;
import io.hawser.client.HawserClient;
import io.hawser.tls.Encryption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs groups 1 to 7 and 10 of the Autobahn suite against an echo by our client, in every face, and compares what it says, case by case, with
 * {@code expected.txt}: the same as of a server. A summary is left in {@code target/autobahn/client-summary.md}.
 */
@Tag("A1")
@Isolated("many of the suite's cases allow a second")
class AutobahnClientTest {
    private static final int MAX_BYTES = 64 << 20;

    private static SuiteReport report;

    @BeforeAll
    static void runSuite() throws Exception {
        Path directory = Path.of("target", "autobahn");
        try (FuzzingServer server = FuzzingServer.start(directory);
                Relay relay = Relay.fromClient(server.port());
                HawserClient client = HawserClient.create(o -> Encryption.of(o).webSocket(w -> w.messages(MessagePolicy.strict(MAX_BYTES))));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String uri = Encryption.scheme() + "://127.0.0.1:" + (Encryption.isOn() ? relay.port() : server.port());
            int cases;
            try (WebSocket socket = client.connect(uri + "/getCaseCount")) {
                cases = Integer.parseInt(socket.receive().text());
            }
            List<Future<?>> runs = Stream.of(DemoFace.values())
                    .<Future<?>>map(face -> threads.submit(() -> runCases(client, uri, face, cases)))
                    .toList();
            for (Future<?> run : runs) {
                run.get();
            }
            try (WebSocket socket = client.connect(uri + "/updateReports?agent=" + DemoFace.STREAMS.label())) {
                assertThat(socket.closed().toCompletableFuture().get(60, TimeUnit.SECONDS).clean()).isTrue();
            }
            report = SuiteReport.read(server.report());
        }
        if (!Encryption.isOn()) {
            Files.writeString(directory.resolve("client-summary.md"), report.summary());
        }
    }

    private static void runCases(HawserClient client, String uri, DemoFace face, int cases) {
        for (int i = 1; i <= cases; i++) {
            URI address = URI.create(uri + "/runCase?case=" + i + "&agent=" + face.label());
            Connection connection = client.connectAsync(address, face.echo(), o -> o).join();
            connection.closed().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        }
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
}
