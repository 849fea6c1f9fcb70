// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.testkit.HawserTest;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is at which path of the demo, in memory. */
@Timeout(60)
class DemoApplicationTest {
    private final HawserTest test = HawserTest.of(DemoApplication.of(new Chat(InstantSource.system())));

    @AfterEach
    void stop() {
        test.expectNoFailures();
        test.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/echo", "/echo/streams", "/echo/direct", "/echo/frames", "/small"})
    void echoes(String path) {
        test.webSocket(path).send("Grüße").expectText("Grüße").complete().expectClosed(1000);
    }

    @Test
    void isAPageAtTheRootToWhatAsksForNoUpgrade() {
        Response page = test.request("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(page.bodyText()).startsWith("<!DOCTYPE html>");
        assertThat(test.request("HEAD", "/", Map.of()).status()).isEqualTo(200);
    }

    @Test
    void isHealthy() {
        assertThat(test.request("/healthz").bodyText()).isEqualTo("ok");
    }

    @Test
    void greetsRaisesAndTicks() {
        test.webSocket("/greeter").send("Ada").expectText("Hello Ada!");
        test.webSocket("/upper").send("hold fast").expectText("HOLD FAST").send(new byte[1]).expectClosed(1003);
        test.webSocket("/ticks").expectText("1").expectText("2").abort();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /quay,         404",
        "GET,    /echo/,        404",
        "GET,    /chat/,        404",
        "GET,    /chat/a/b,     404",
        "GET,    /chat/%2E%2e,  404",
        "GET,    /echo,         400",
        "GET,    /chat/harbour, 400",
        "POST,   /,             405",
        "DELETE, /healthz,      405",
    })
    void refuses(String method, String target, int status) {
        assertThat(test.request(method, target, Map.of()).status()).isEqualTo(status);
    }
}
