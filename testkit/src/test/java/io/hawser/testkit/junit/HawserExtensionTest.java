// SPDX-License-Identifier: Apache-2.0

package io.hawser.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.hawser.ConnectFailedException;
import io.hawser.testkit.EphemeralServer;
import io.hawser.testkit.HawserTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the {@link Samples}, and looks at what they were given. */
@Timeout(60)
class HawserExtensionTest {
    private static TestExecutionSummary run(Class<?> sample) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(sample))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        // On a thread of its own: one of the pool that runs these tests would take up others of them while it waits.
        CompletableFuture.runAsync(
                        () -> LauncherFactory.create().execute(request, listener),
                        task -> Thread.ofPlatform().name("launcher").start(task))
                .join();
        return listener.getSummary();
    }

    private static void runs(Class<?> sample, int tests) {
        TestExecutionSummary summary = run(sample);
        assertThat(summary.getFailures()).extracting(TestExecutionSummary.Failure::getException).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(tests);
    }

    private static Throwable failure(Class<?> sample) {
        List<TestExecutionSummary.Failure> failures = run(sample).getFailures();
        assertThat(failures).hasSize(1);
        return failures.getFirst().getException();
    }

    private static List<EphemeralServer> servers() {
        return Samples.GIVEN.stream()
                .filter(EphemeralServer.class::isInstance)
                .map(EphemeralServer.class::cast)
                .distinct()
                .toList();
    }

    @BeforeEach
    void forget() {
        Samples.GIVEN.clear();
    }

    @Test
    void startsOneServerForAClassAndThoseNestedInIt() {
        runs(Samples.OfClass.class, 3);
        assertThat(Samples.GIVEN).hasSizeGreaterThan(5);
        assertThat(servers()).hasSize(1).allSatisfy(HawserExtensionTest::requireEnded);
    }

    @Test
    void startsOneServerForATestWhereTheFieldIsOfAnInstance() {
        runs(Samples.OfInstance.class, 3);
        assertThat(servers()).hasSize(3).allSatisfy(HawserExtensionTest::requireEnded);
        assertThat(Samples.GIVEN).filteredOn("an application"::equals).hasSize(3);
    }

    @Test
    void startsOneServerForTheOnlyInstance() {
        runs(Samples.OfTheOnlyInstance.class, 2);
        assertThat(servers()).hasSize(1).allSatisfy(HawserExtensionTest::requireEnded);
    }

    @Test
    void startsOneServerForTestsAtTheSameTime() {
        runs(Samples.AtTheSameTime.class, 2);
        assertThat(servers()).hasSize(1).allSatisfy(HawserExtensionTest::requireEnded);
    }

    private static void requireEnded(EphemeralServer server) {
        assertThatExceptionOfType(ConnectFailedException.class)
                .isThrownBy(() -> server.connect("/"))
                .withMessageContaining("is closed");
    }

    @Test
    void givesEachTestAnApplicationInMemoryAndStartsNoServer() {
        runs(Samples.InMemory.class, 2);
        assertThat(Samples.GIVEN).hasSize(6).hasOnlyElementsOfType(HawserTest.class);
        assertThat(Samples.GIVEN.stream().distinct()).hasSize(2);
    }

    @Test
    void saysWhyAServerDoesNotStart() {
        assertThat(failure(Samples.DoesNotStart.class))
                .hasMessageContaining("java.net.URI")
                .hasMessageContaining("cannot listen on nowhere.invalid:0");
        assertThat(Samples.GIVEN).isEmpty();
    }

    @Test
    void leavesItToJUnitToRefuseTwo() {
        assertThat(failure(Samples.TwoOfThem.class)).hasMessageContaining("competing");
    }
}
