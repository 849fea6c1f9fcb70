// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import static io.hawser.route.Routes.files;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.mapResponse;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.resources;
import static io.hawser.route.Routes.routes;
import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.testkit.HawserTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes to files, on disk and in jars, and all that must not lead to one. */
class StaticFilesTest {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void fill() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.createDirectories(folder.resolve("outside"));
        Files.writeString(folder.resolve("outside/secret.txt"), "secret");
        Files.writeString(folder.resolve("outside/index.html"), "secret");
        Files.createDirectories(folder.resolve("rootless"));
        Files.writeString(folder.resolve("rootless/secret.txt"), "secret");
        Files.createDirectories(root.resolve("css"));
        Files.createDirectories(root.resolve("empty"));
        Files.writeString(root.resolve("index.html"), "<p>root</p>");
        Files.writeString(root.resolve("css/a b.css"), "a{}");
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve("docs/index.html"), "<p>docs</p>");
        Files.writeString(root.resolve(".hidden"), "secret");
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve(".git/config"), "secret");
    }

    private HawserTest served() {
        return HawserTest.of(routes(files("/assets", root), prefix("/in", files("/ner", root)), path("/assets/own", get(request -> Response.text("own")))));
    }

    @ParameterizedTest
    @CsvSource({
        "/assets/, <p>root</p>, text/html; charset=utf-8",
        "/assets/index.html, <p>root</p>, text/html; charset=utf-8",
        "/assets/css/a%20b.css, a{}, text/css; charset=utf-8",
        "/assets/css/a%20b.css?v=1, a{}, text/css; charset=utf-8",
        "/assets/docs/, <p>docs</p>, text/html; charset=utf-8",
        "/in/ner/, <p>root</p>, text/html; charset=utf-8",
        "/assets/own, own, text/plain; charset=utf-8",
    })
    void servesFiles(String target, String body, String type) {
        try (HawserTest test = served()) {
            assertThat(test.request(target)).hasStatus(200).hasHeader("Content-Type", type).hasBody(body);
            assertThat(test.request("HEAD", target, Map.of())).hasStatus(200).hasBody("");
        }
    }

    @ParameterizedTest
    @CsvSource({"/assets, /assets/", "/assets/docs, /assets/docs/", "/assets/docs?a=b, /assets/docs/?a=b", "/in/ner, /in/ner/"})
    void redirectsToFolders(String target, String location) {
        try (HawserTest test = served()) {
            assertThat(test.request(target)).hasStatus(308).hasHeader("Location", location);
        }
    }

    @Test
    void answersOtherMethodsWith405() {
        try (HawserTest test = served()) {
            assertThat(test.request("POST", "/assets/index.html", Map.of())).hasStatus(405).hasHeader("Allow", "GET, HEAD, OPTIONS");
        }
    }

    @Test
    void answersConditions() {
        try (HawserTest test = served()) {
            String tag = test.request("/assets/index.html").header("ETag").orElseThrow();
            assertThat(test.request("GET", "/assets/index.html", Map.of("If-None-Match", tag))).hasStatus(304);
        }
    }

    /** Each with and without what would be there if it led out. */
    @ParameterizedTest
    @ValueSource(strings = {
        "none", "none/", "empty", "empty/", "css", "css/", "index.html/", "index.html/x", "css//a%20b.css", "/index.html", "//",
        "..", "../", "../secret.txt", "%2e%2e/secret.txt", ".%2E/secret.txt", "..%2fsecret.txt", "..%5csecret.txt", "..\\secret.txt",
        "css/../../secret.txt", "css/%2e%2e/%2e%2e/secret.txt", "css/../index.html", "./index.html", "%2e/index.html",
        "css%2fa%20b.css", "css%5ca%20b.css", "css\\a%20b.css", "%252e%252e/secret.txt", "....//secret.txt", "..;/secret.txt",
        "%c0%ae%c0%ae/secret.txt", "..%c0%afsecret.txt", "%2fetc%2fpasswd", "/etc/passwd", "//etc/passwd", "file:///etc/passwd",
        "index.html%00", "index.html%00.css", "%00", "%0a", "C:%5cWindows", "C:/Windows/win.ini", "~root", "../rootless/secret.txt", "../root/index.html",
        ".hidden", "%2ehidden", ".git/config", ".git/", "css/.",
    })
    void servesNothingElse(String below) {
        try (HawserTest test = served()) {
            assertThat(test.request("/assets/" + below)).hasStatus(404).hasBody("Not Found");
        }
    }

    @Test
    void servesNoNameThatNoFileCanHave() {
        try (HawserTest test = served()) {
            assertThat(test.request("/assets/" + "x".repeat(5000))).hasStatus(404);
            assertThat(test.request("/assets/" + "x/".repeat(2000))).hasStatus(404);
        }
    }

    @Test
    void followsLinksBelowItsRootOnly() throws IOException {
        Files.createSymbolicLink(root.resolve("inside.css"), root.resolve("css/a b.css"));
        Files.createSymbolicLink(root.resolve("docs2"), Path.of("docs"));
        Files.createSymbolicLink(root.resolve("outside.txt"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("out"), Path.of("../outside"));
        Files.createSymbolicLink(root.resolve("less"), Path.of("../rootless"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("none"));
        try (HawserTest test = served()) {
            assertThat(test.request("/assets/inside.css")).hasStatus(200).hasBody("a{}");
            assertThat(test.request("/assets/docs2/")).hasStatus(200).hasBody("<p>docs</p>");
            for (String target : new String[] {"outside.txt", "out/secret.txt", "out", "out/", "less/secret.txt", "loop", "dangling"}) {
                assertThat(test.request("/assets/" + target)).as(target).hasStatus(404);
            }
        }
    }

    @Test
    void servesALinkAsItsRoot() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("current"), root);
        try (HawserTest test = HawserTest.of(routes(files("/", link)))) {
            assertThat(test.request("/")).hasStatus(200).hasBody("<p>root</p>");
            Files.delete(link);
            Files.createSymbolicLink(link, folder.resolve("outside"));
            assertThat(test.request("/")).as("what it leads to now").hasBody("secret");
            Files.delete(link);
            assertThat(test.request("/")).hasStatus(404);
        }
    }

    @Test
    void canBeWrapped() {
        HttpHandler app = routes(mapResponse(response -> response.withHeader("Cache-Control", "max-age=60"), files("/", root)));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/docs/")).hasStatus(200).hasHeader("Cache-Control", "max-age=60");
        }
    }

    @Test
    void refusesWhatIsNoFolder() {
        assertThatIllegalArgumentException().isThrownBy(() -> files("/", root.resolve("index.html"))).withMessageContaining("no folder: ");
        assertThatIllegalArgumentException().isThrownBy(() -> routes(files("/a", root), files("/a", root))).withMessageContaining("take the same requests");
    }

    // ---- resources

    private static HawserTest resourcesServed() {
        return HawserTest.of(routes(
                resources("/static", StaticFilesTest.class, "web"),
                resources("/root", StaticFilesTest.class, "/io/hawser/route/web"),
                resources("/jar", Test.class, "/META-INF")));
    }

    @ParameterizedTest
    @CsvSource({
        "/static/, <p>web</p>, text/html; charset=utf-8",
        "/static/sub/style.css, a{}, text/css; charset=utf-8",
        "/root/index.html, <p>web</p>, text/html; charset=utf-8",
    })
    void servesResources(String target, String body, String type) {
        try (HawserTest test = resourcesServed()) {
            Response response = test.request(target);
            assertThat(response).hasStatus(200).hasBody(body + "\n").hasHeader("Content-Type", type).hasHeader("Content-Length", String.valueOf(body.length() + 1));
            assertThat(test.request("GET", target, Map.of("If-None-Match", response.header("ETag").orElseThrow()))).hasStatus(304);
        }
    }

    @Test
    void redirectsToFoldersOfResources() {
        try (HawserTest test = resourcesServed()) {
            assertThat(test.request("/static")).hasStatus(308).hasHeader("Location", "/static/");
            assertThat(test.request("/jar/MANIFEST.MF")).hasStatus(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/static/none", "/static/sub", "/static/sub/", "/static/../RoutesTest.class", "/static/%2e%2e/RoutesTest.class", "/static/..%2fRoutesTest.class",
        "/static//io/hawser/route/RoutesTest.class", "/static/sub//style.css", "/static/sub%2fstyle.css", "/static/sub%5cstyle.css", "/static/index.html%00",
        "/jar", "/jar/", "/jar/none", "/jar/../org/junit/jupiter/api/Test.class",
    })
    void servesNoOtherResource(String target) {
        try (HawserTest test = resourcesServed()) {
            assertThat(test.request(target)).hasStatus(404).hasBody("Not Found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "web/", "../web", "web/../x", "//web", ".hidden"})
    void refusesFoldersOfResources(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> resources("/static", StaticFilesTest.class, name))
                .withMessageContaining("no folder of resources: ");
    }

    // ---- names

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.css", "con.css.map", "auxiliary.js", "~", "a b", "é", "com10", "a.", "%2e"})
    void takesNames(String name) {
        assertThat(StaticFiles.isHarmless(name, false)).isTrue();
        assertThat(StaticFiles.isHarmless(name, true)).isEqualTo(!name.endsWith(".") && !name.startsWith("con."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"con", "CON.txt", "Nul", "aux.js", "com1", "COM1.log", "lpt9", "prn .txt", "C:", "a:stream", "a ", "a.", "a*", "a?", "conin$"})
    void refusesNamesOfWindows(String name) {
        assertThat(StaticFiles.isHarmless(name, true)).isFalse();
        assertThat(StaticFiles.isHarmless(name, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".x", "a/b", "/", "a\\b", "a\0", "a\nb", "\u007f"})
    void refusesNamesEverywhere(String name) {
        assertThat(StaticFiles.isHarmless(name, false)).isFalse();
        assertThat(StaticFiles.isHarmless(name, true)).isFalse();
    }
}
