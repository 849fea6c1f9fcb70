// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Headless Chromium that shows a demo's page from before a class's tests to behind them, whose elements are found by their ids and waited
 * for. Without Chromium they are skipped.
 */
final class DemoBrowser implements BeforeAllCallback, AfterAllCallback {
    static final String HOST = "127.0.0.1";

    /** Ends a wait that nothing else ends; no test waits that long when the page works. */
    private static final Duration HANG = Duration.ofSeconds(60);

    /** Warns of each browser newer than Selenium; what is used here doesn't depend on the version. */
    private static final Logger VERSION_WARNINGS = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private @Nullable DemoServer demo;
    private @Nullable ChromeDriver driver;
    private @Nullable WebDriverWait wait;

    @Override
    public void beforeAll(ExtensionContext context) {
        assumeTrue(isPresent(), "needs Chromium and chromedriver on PATH (Debian: apt-get install chromium chromium-driver)");
        demo = DemoServer.start(HOST, 0);
        driver = start();
        wait = new WebDriverWait(driver, HANG, Duration.ofMillis(20));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (driver != null) {
            driver.quit();
        }
        if (demo != null) {
            demo.close();
        }
    }

    /** Whether both the browser and its driver are on this machine's PATH. */
    private static boolean isPresent() {
        return browser().isPresent() && chromeDriver().isPresent();
    }

    /** Starts the browser that is on PATH; nothing is downloaded, and its profile is a new one. */
    private static ChromeDriver start() {
        VERSION_WARNINGS.setLevel(Level.SEVERE);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(browser().orElseThrow());
        options.setCapability("goog:loggingPrefs", logs);
        options.setAcceptInsecureCerts(true); // the demo's certificate is signed by itself
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,900");
        // With the driver given, Selenium doesn't look for one.
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromeDriver().orElseThrow())
                .usingAnyFreePort()
                .build();
        return new ChromeDriver(service, options);
    }

    private static Optional<File> browser() {
        return onPath("chromium", "chromium-browser", "google-chrome");
    }

    private static Optional<File> chromeDriver() {
        return onPath("chromedriver");
    }

    private static Optional<File> onPath(String... names) {
        List<String> folders = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1));
        return Arrays.stream(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toFile)
                .findFirst();
    }

    /** Where the demo's page is. */
    String url() {
        return demo.url();
    }

    /** Loads the demo's page. */
    void open() {
        open(url());
    }

    /** Loads a page of a demo, at desktop size and in the light colours, and waits until it is connected. */
    void open(String url) {
        show(1280, 900, "light");
        driver.get(url);
        awaitText("status-text", "Connected"::equals);
    }

    /** Opens a page in one more window, which is looked at from now on. */
    void openWindow(String url) {
        driver.switchTo().newWindow(WindowType.WINDOW);
        open(url);
    }

    /** Looks at a window, counted from zero as they were opened. */
    void lookAt(int window) {
        driver.switchTo().window(List.copyOf(driver.getWindowHandles()).get(window));
    }

    /** Closes all windows but the first. */
    void closeOtherWindows() {
        while (driver.getWindowHandles().size() > 1) {
            lookAt(1);
            driver.close();
        }
        lookAt(0);
    }

    /** Changes the size of the page, in CSS pixels, and the colour scheme the person prefers. */
    void show(int width, int height, String colours) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    WebElement element(String id) {
        return driver.findElement(By.id(id));
    }

    String text(String id) {
        return String.valueOf(element(id).getDomProperty("textContent"));
    }

    /** Clicks once the element takes clicks. */
    void click(String id) {
        wait.withMessage(() -> "#" + id + " takes no clicks").until(d -> element(id).isEnabled());
        element(id).click();
    }

    /** Replaces what a field holds by typing. */
    void type(String id, CharSequence... keys) {
        element(id).clear();
        element(id).sendKeys(keys);
    }

    /** Waits until the element's text contains all the parts, and gives that text. */
    String awaitText(String id, String... parts) {
        return awaitText(id, text -> Arrays.stream(parts).allMatch(text::contains));
    }

    /** Waits until the element's text is as wanted, and gives that text. */
    String awaitText(String id, Predicate<String> wanted) {
        return wait.withMessage(() -> "#" + id + " says: " + text(id)).until(d -> {
            String text = text(id);
            return wanted.test(text) ? text : null;
        });
    }

    /** Waits until the script returns true. */
    void awaitScript(String script) {
        wait.withMessage(() -> "Not true: " + script).until(d -> Boolean.TRUE.equals(run(script)));
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What the console got at the level of errors since the last call. */
    String consoleErrors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .collect(joining("\n"));
    }
}
