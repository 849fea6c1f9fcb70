// SPDX-License-Identifier: Apache-2.0

package io.hawser.examples;

import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.path;
import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.route.Route;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.Upgrade;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guide to routes shows, run. */
class RoutingGuideTest {
    private static final Route HELLO = path("/hello", get(request -> Response.text("hello")));

    @Test
    void takesPathsAndMethods() {
        HttpHandler app = RoutingGuideCode.app("<p>Hello</p>", RoutingGuideCode.plainChat("greeter"));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/")).hasBody("<p>Hello</p>");
            assertThat(test.request("/rooms/quay")).hasStatus(404);
            assertThat(test.request("PUT", "/rooms/quay", Map.of(), "the long one")).hasStatus(204);
            assertThat(test.request("/rooms/quay")).hasStatus(200).hasBody("the long one");
            assertThat(test.request("DELETE", "/rooms/quay", Map.of())).hasStatus(204);
            assertThat(test.request("DELETE", "/rooms/quay", Map.of())).hasStatus(404);
            test.webSocket("/greeter").send("ahoy").expectText("greeter: ahoy");
        }
    }

    @Test
    void takesWhatIsMoreSpecific() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.paths())) {
            assertThat(test.request("/rooms/a%2Fb")).hasBody("room a/b");
            assertThat(test.request("POST", "/rooms/new", Map.of())).hasBody("a new room");
            assertThat(test.request("/rooms/new")).hasBody("room new");
            assertThat(test.request("/docs/a/b")).hasBody("page a/b");
            assertThat(test.request("/admin")).hasBody("overview");
            assertThat(test.request("/admin/users")).hasBody("users");
            assertThat(test.request("/rooms/")).hasStatus(404);
        }
    }

    @Test
    void runsHandlersInTheirWays() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.ways())) {
            assertThat(test.request("/blocking")).hasBody("true");
            assertThat(test.request("/async")).hasBody("later");
        }
    }

    @Test
    void choosesSubprotocols() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.chats())) {
            Upgrade chat = test.upgrade("/chat/quay", o -> o.subprotocols("chat.v1", "chat.v2"));
            assertThat(chat.subprotocol()).contains("chat.v2");
            chat.probe().send("ahoy").expectText("{\"room\": \"quay\", \"text\": \"ahoy\"}");
            assertThat(test.upgrade("/chat/quay").response()).hasStatus(400).hasHeader("Sec-WebSocket-Protocol", "chat.v2, chat.v1");
            test.webSocket("/lobby").send("ahoy").expectText("lobby: ahoy");
        }
    }

    @Test
    void answersUpgradesByHand() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.byHand())) {
            assertThat(test.upgrade("/own").response()).hasStatus(101).hasHeader("Set-Cookie", "seen=yes");
            assertThat(test.upgrade("/own", o -> o.subprotocols("chat.v3")).response()).hasStatus(503);
            assertThat(test.request("/own")).hasStatus(400);
        }
    }

    @Test
    void letsPagesIn() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.embedded(RoutingGuideCode.plainChat("x")))) {
            assertThat(test.upgrade("/embedded", o -> o.header("Origin", "https://partner.example")).isWebSocketUpgrade()).isTrue();
            assertThat(test.upgrade("/greeter", o -> o.header("Origin", "https://partner.example")).response()).hasStatus(403);
        }
    }

    @Test
    void knowsMembers() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.members())) {
            assertThat(test.request("/")).hasBody("for all");
            assertThat(test.request("/me")).hasStatus(401).hasHeader("WWW-Authenticate", "Bearer");
            assertThat(test.request("GET", "/me", Map.of("Cookie", "session=secret"))).hasBody("Ada");
            test.webSocket("/chat/quay", o -> o.header("Authorization", "Bearer secret")).send("ahoy").expectText("Ada: ahoy");
        }
    }

    @Test
    void knowsAdmins() {
        String right = "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8));
        try (HawserTest test = HawserTest.of(RoutingGuideCode.admins("secret".getBytes(StandardCharsets.UTF_8)))) {
            assertThat(test.request("/admin/users")).hasStatus(401);
            assertThat(test.request("GET", "/admin/users", Map.of("Authorization", right))).hasBody("users, for ada");
        }
    }

    @Test
    void logsAndAddsHeaders() {
        List<String> log = new ArrayList<>();
        try (HawserTest test = HawserTest.of(RoutingGuideCode.logged(log::add, HELLO))) {
            assertThat(test.request("/hello")).hasStatus(200);
            assertThat(test.request("/none")).hasStatus(404);
            assertThat(log).containsExactly("GET /hello: 200", "GET /none: 404");
        }
        try (HawserTest test = HawserTest.of(RoutingGuideCode.withHeader(HELLO))) {
            assertThat(test.request("/hello")).hasHeader("X-Content-Type-Options", "nosniff");
        }
    }

    @Test
    void servesFiles(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.css"), "a{}");
        try (HawserTest test = HawserTest.of(RoutingGuideCode.site(folder))) {
            assertThat(test.request("/assets/a.css")).hasStatus(200).hasBody("a{}");
            assertThat(test.request("/static/")).hasStatus(200).hasBody("<p>Hello</p>\n").hasHeader("Cache-Control", "max-age=3600");
        }
    }

    @Test
    void transfers(@TempDir Path folder, @TempDir Path large) throws Exception {
        Path file = Files.writeString(large.resolve("large.txt"), "0123456789");
        HttpHandler app = RoutingGuideCode.transfers(folder, file, BodyPublishers.ofString("data: tick\n\n"));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("POST", "/upload", Map.of(), new byte[100_000])).hasStatus(201).hasBody("100000 bytes");
            assertThat(folder).isDirectoryContaining("glob:**/upload*");
            assertThat(test.request("GET", "/download", Map.of("Range", "bytes=2-4"))).hasStatus(206).hasBody("234");
            assertThat(test.request("/events")).hasHeader("Content-Type", "text/event-stream").hasBody("data: tick\n\n");
        }
    }

    @Test
    void failsAsItIsTold() {
        try (HawserTest test = HawserTest.of(RoutingGuideCode.failing(Map.of("quay", "the long one")))) {
            assertThat(test.request("/rooms/quay")).hasBody("the long one");
            assertThat(test.request("/rooms/none")).hasStatus(404).hasBody("no such room");
        }
    }

    @Test
    void choosesByHost() {
        HttpHandler app = RoutingGuideCode.hosts(HELLO, path("/hello", get(request -> Response.text("other"))));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/hello")).as("the test's own host").hasStatus(404);
        }
    }
}
