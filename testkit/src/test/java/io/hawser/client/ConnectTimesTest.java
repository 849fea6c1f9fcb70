// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import static io.hawser.WebSocketHandler.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hawser.ConnectFailedException;
import io.hawser.HttpHandler;
import io.hawser.testkit.HawserTest;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a connect may take. */
class ConnectTimesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    @Tag("U1")
    void givesUpAfterTheConnectTimeout() {
        HttpHandler silent = HttpHandler.async(request -> new CompletableFuture<>());
        try (HawserTest test = HawserTest.of(silent, o -> o.holdForPromises(false))) {
            URI uri = test.uri("/");
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> test.client().connect(uri, o -> o.connectTimeout(TIMEOUT)))
                    .withMessage("cannot connect to " + uri + ": the connection was not open within PT10S");
            assertThat(test.elapsed()).isEqualTo(TIMEOUT);
        }
    }

    @Test
    @Tag("U7")
    void leavesAHandlerOfCookiesAloneThatBlocks() {
        CompletableFuture<Map<String, List<String>>> late = new CompletableFuture<>();
        CookieHandler blocking = new CookieManager() {
            @Override
            public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                return late.join();
            }
        };
        try (HawserTest test = patient()) {
            URI uri = test.uri("/");
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> test.client().connect(uri, o -> o.cookies(blocking).connectTimeout(TIMEOUT)))
                    .withMessage("cannot connect to " + uri + ": the connection was not open within PT10S");
            late.complete(Map.of());
        }
    }

    /** A test whose clock moves although threads wait elsewhere. */
    private static HawserTest patient() {
        return HawserTest.of(
                each(message -> message), o -> o.restsOutside(thread -> thread.getState() == Thread.State.WAITING));
    }

    /** Asks for headers that never come, until it is interrupted. */
    private static final class NoHeaders implements Supplier<Map<String, String>> {
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        @Override
        public Map<String, String> get() {
            try {
                new CountDownLatch(1).await();
                return Map.of();
            } catch (InterruptedException e) {
                interrupted.complete(true);
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    @Tag("U7")
    void waitsForHeadersNoLongerThanTheConnectTimeout() {
        NoHeaders none = new NoHeaders();
        try (HawserTest test = patient()) {
            URI uri = test.uri("/");
            assertThatExceptionOfType(ConnectFailedException.class)
                    .isThrownBy(() -> test.client().connect(uri, o -> o.freshHeaders(none).connectTimeout(TIMEOUT)))
                    .withMessage("cannot connect to " + uri + ": its fresh headers were not there within PT10S");
            assertThat(test.elapsed()).isEqualTo(TIMEOUT);
            test.settle();
            assertThat(none.interrupted).isCompletedWithValue(true);
        }
    }
}
