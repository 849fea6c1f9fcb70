// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static io.hawser.cli.DemoBrowser.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** Uses the demo's page as a person would: a real browser, against the real server. */
class DemoPageTest {
    private static final int MIB = 1024 * 1024;

    @RegisterExtension
    static final DemoBrowser page = new DemoBrowser();

    @BeforeEach
    void openPage() {
        page.open();
    }

    @AfterEach
    void consoleHoldsNoErrors() {
        assertThat(page.consoleErrors()).isEmpty();
    }

    @Test
    void greetsByNameWithTheKeyboardAlone() {
        page.type("greet-name", "Ada", Keys.ENTER);

        page.awaitText("greet-answer", "Hello Ada!");
        page.awaitText("log", "opened/greeter", "sent/greeter", "Hello Ada!");
    }

    @Test
    @Tag("T1")
    void talksOverTls(@TempDir Path folder) {
        try (DemoServer secured = DemoServer.startOverTls(HOST, 0, Transport.AUTO, folder)) {
            page.open(secured.url());
            page.type("greet-name", "Ada", Keys.ENTER);
            page.awaitText("greet-answer", "Hello Ada!");
            drop("dropped.bin", MIB);
            page.awaitText("file-result", "dropped.bin", "1 MiB there and back", "Identical: every byte");
            page.open();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "direct", "frames"})
    void echoesTextThroughEachFace(String face) {
        page.click("echo-face-" + face);
        page.type("echo-text", "Grüße, " + face);
        page.click("echo-send");

        page.awaitText("echo-answer", "Grüße, " + face, "The same text, through " + face);
        assertThat(page.text("log")).contains("opened/echo/" + face);
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "direct", "frames"})
    void echoesChosenFileThroughEachFaceByteForByte(String face, @TempDir Path folder) throws IOException {
        byte[] content = new byte[MIB];
        new Random(6455).nextBytes(content);
        Path file = Files.write(folder.resolve("cargo.bin"), content);

        page.click("echo-face-" + face);
        page.element("file-input").sendKeys(file.toString());

        page.awaitText("file-result", "cargo.bin", "1 MiB there and back in", "ms through " + face, "MiB/s",
                "Identical: every byte came back as it was sent.");
    }

    @Test
    void echoesDroppedFile() {
        drop("dropped.bin", 300_001);

        page.awaitText("file-result", "dropped.bin", "293.0 KiB there and back", "Identical: every byte");
    }

    @Test
    void echoesFileAsLongAsTheServerTakes() {
        drop("full.bin", 64 * MIB);

        page.awaitText("file-result", "full.bin", "64 MiB there and back", "Identical: every byte");
    }

    @Test
    void refusesFileLongerThanTheServerTakes() {
        drop("huge.bin", 64 * MIB + 1);

        page.awaitText("file-result", "huge.bin is too large", "67,108,865 bytes", "64 MiB", "It was not sent.");
        page.awaitText("status-text", "Connected");
    }

    private static void drop(String name, int length) {
        page.run("""
                const content = new Uint8Array(arguments[1]).map((_, i) => i * 31);
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([content], arguments[0]));
                document.getElementById('file-drop').dispatchEvent(
                    new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
                """, name, length);
    }

    @Test
    void saysInWordsWhySmallRefusedAndConnectsAgain() {
        page.click("small-fill");
        page.awaitText("small-count", "1,025 of 1,024 bytes");
        page.click("small-send");
        page.awaitText("small-answer", "Closed by the server with 1009 Message too big",
                "the message is longer than its receiver accepts");
        page.awaitText("log", "closed/small", "1009 Message too big");
        page.awaitText("code-1009", "last seen");

        page.element("small-text").sendKeys(Keys.BACK_SPACE);
        page.awaitText("small-count", "1,024 of 1,024 bytes");
        page.click("small-send");
        page.awaitText("small-answer", "1 KiB came back in");
    }

    @Test
    void raisesTextToUpperCaseAndShowsThatBytesAreRefused() {
        page.type("upper-text", "make fast");
        page.click("upper-send");
        page.awaitText("upper-answer", "MAKE FAST");

        page.click("upper-bytes");
        page.awaitText("upper-answer", "Closed by the server with 1003 Unsupported data");
    }

    @Test
    void countsTicksUntilStopped() {
        page.click("ticks-toggle");
        page.awaitText("ticks-note", "Listening.");
        page.awaitText("ticks-count", text -> Integer.parseInt(text) >= 3);
        page.click("ticks-toggle");

        String note = page.awaitText("ticks-note", "Stopped after", "in order, none missing", "1000 Normal closure");
        assertThat(note).contains("Stopped after " + page.text("ticks-count") + ",");
        assertThat(page.text("ticks-last")).isEqualTo(page.text("ticks-count"));
        assertThat(page.text("ticks-toggle")).isEqualTo("Start");
    }

    @Test
    void plotsRoundTripsWhileThePageIsSeen() {
        awaitMorePoints();
        assertThat(List.of("current", "median", "min", "max"))
                .allSatisfy(name -> assertThat(page.text("rtt-" + name)).matches("(< )?[0-9.,]+"));
        assertThat(page.element("rtt-line").getDomAttribute("d")).startsWith("M").contains("L");
        assertThat(page.element("rtt-plot").getDomAttribute("aria-label")).contains("median");

        page.run("""
                Object.defineProperty(document, 'hidden', { value: true, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
                """);
        page.awaitText("rtt-note", "Paused while this page is hidden.");
        page.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
        awaitMorePoints();

        page.click("rtt-toggle");
        page.awaitText("rtt-note", "Paused.");
        assertThat(page.text("rtt-toggle")).isEqualTo("Resume");
        page.click("rtt-toggle");
        awaitMorePoints();
    }

    private static void awaitMorePoints() {
        String points = "Number(document.getElementById('rtt-plot').dataset.points)";
        Object before = page.run("return " + points);
        page.awaitScript("return " + points + " >= " + before + " + 3");
    }

    @ParameterizedTest
    @CsvSource({
        "4001, token expired, 4001 Private use",
        "3003, not aboard, 3003 Forbidden",
        "1000, done, 1000 Normal closure",
    })
    void closesWithChosenCodeAndReason(String code, String reason, String words) {
        page.click("line-connect");
        page.awaitText("line-state", "Connected to /echo");
        page.type("line-text", "Ahoy");
        page.click("line-send");
        page.awaitText("line-last", "Ahoy", "Message 1 from the server");

        page.type("line-code", code);
        page.type("line-reason", reason);
        page.awaitText("line-code-words", words);
        page.click("line-close");

        page.awaitText("line-end", "Closed by you with " + words, "Reason: “" + reason + "”");
        page.awaitText("line-state", "Closed");
        page.awaitText("log", words);
        assertThat(page.element("line-connect").isEnabled()).isTrue();
    }

    @Test
    void doesNotCloseWithCodeThatNoPageMaySend() {
        page.click("line-connect");
        page.awaitText("line-state", "Connected to /echo");
        page.type("line-code", "1005");
        page.click("line-close");

        page.awaitText("line-code-words", "not with 1005 No code given");
        assertThat(page.element("line-code").getDomAttribute("aria-invalid")).isEqualTo("true");
        page.click("line-disconnect");
        page.awaitText("line-end", "Closed by you with 1000 Normal closure");
    }

    @Test
    void namesEveryCloseCode() {
        for (int code = 1000; code <= 1015; code++) {
            assertThat(page.text("code-" + code)).matches(code + "\\p{L}.+: .+\\..+");
        }
        assertThat(List.of("1004", "1005", "1006", "1015"))
                .allSatisfy(code -> assertThat(page.text("code-" + code)).endsWith("never"));
        assertThat(page.text("code-1012")).contains("Service restart");
        assertThat(page.text("code-1013")).contains("Try again later");
        assertThat(page.text("code-1014")).contains("Bad gateway");
        assertThat(page.text("code-3000-3999")).contains("registered with IANA");
        assertThat(page.text("code-4000-4999")).contains("Private use");
    }

    @Test
    void showsWhatArrivesAsTextAndNotAsMarkup() {
        String markup = "<img src=x onerror=alert(1)><b id=injected>bold</b>";
        page.type("echo-text", markup);
        page.click("echo-send");

        page.awaitText("echo-answer", markup, "The same text");
        assertThat(page.run("return document.querySelectorAll('img, #injected').length")).isEqualTo(0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void fitsPhone(String colours) {
        page.show(360, 740, colours);
        page.click("small-fill");
        page.click("small-send");
        page.awaitText("small-answer", "1009 Message too big");
        page.type("greet-name", "W".repeat(200), Keys.ENTER);
        page.awaitText("greet-answer", "Hello WWW");

        assertThat(page.run("return window.innerWidth")).isEqualTo(360L);
        assertThat(page.run("return document.documentElement.scrollWidth"))
                .isEqualTo(page.run("return document.documentElement.clientWidth"));
    }

    @Test
    void namesEveryControl() {
        Object nameless = page.run("""
                return [...document.querySelectorAll('input, select, textarea, button, a')]
                    .filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.ariaLabel)
                    .map(e => e.outerHTML).join(' ');
                """);
        assertThat(nameless).isEqualTo("");
        assertThat(page.element("log").getDomAttribute("aria-live")).isEqualTo("polite");
    }

    @Test
    void showsThatTheServerHasGoneAndReconnects() {
        int port;
        try (DemoServer first = DemoServer.start(HOST, 0)) {
            port = first.port();
            page.open(first.url());
        }
        page.awaitText("banner-text", "The server has gone.", "1001 Going away");
        page.awaitText("status-text", "Not connected");
        assertThat(page.element("banner").isDisplayed()).isTrue();

        try (DemoServer second = DemoServer.start(HOST, port)) {
            assertThat(second.port()).isEqualTo(port);
            page.run("document.getElementById('reconnect').click()");
            page.awaitText("status-text", "Connected"::equals);
            assertThat(page.element("banner").isDisplayed()).isFalse();
            page.click("greet-send");
            page.awaitText("greet-answer", "Hello Peter!");
            page.run("location.replace('about:blank')");
        }
        // While the server was away, the browser may have told the console that it could not connect.
        assertThat(page.consoleErrors().lines()).allMatch(line -> line.contains("WebSocket connection to"));
    }
}
