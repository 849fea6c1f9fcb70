// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import static io.hawser.WebSocketHandler.each;
import static io.hawser.route.Routes.around;
import static io.hawser.route.Routes.authenticated;
import static io.hawser.route.Routes.basicAuth;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.mapResponse;
import static io.hawser.route.Routes.origins;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.put;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;
import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hawser.Attribute;
import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.TextMessage;
import io.hawser.WebSocketHandler;
import io.hawser.testkit.HawserTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around routes: who asks, from where, and what becomes of the response. */
class WrapsTest {
    private static final Attribute<String> USER = Attribute.of("user");
    private static final WebSocketHandler ECHO = each(message -> message);

    private static Response name(Request request) {
        return Response.text(request.get(USER).orElse("nobody"));
    }

    private static Optional<String> verify(Optional<String> token) {
        return token.filter(text -> text.startsWith("of ")).map(text -> text.substring(3));
    }

    private static HawserTest members() {
        return HawserTest.of(routes(
                path("/", get(WrapsTest::name)),
                authenticated(USER, request -> verify(request.bearerToken().or(() -> request.cookie("session"))),
                        path("/chat/{room}", webSocket(request -> each(message -> TextMessage.of(request.get(USER).orElseThrow())))),
                        path("/page", get(WrapsTest::name)),
                        path("/", put(WrapsTest::name)))));
    }

    // ---- who asks

    @Test
    void tellsHandlersWhoAsks() {
        try (HawserTest test = members()) {
            assertThat(test.request("GET", "/page", Map.of("Authorization", "bearer of Ada"))).hasStatus(200).hasBody("Ada");
            assertThat(test.request("GET", "/page", Map.of("Cookie", "a=b; session=of Grace"))).hasStatus(200).hasBody("Grace");
            assertThat(test.request("/")).hasBody("nobody");
            test.webSocket("/chat/quay", o -> o.header("Authorization", "Bearer of Ada")).send("who?").expectText("Ada");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer x", "Basic of Ada", "of Ada", ""})
    void asksWhomItDoesNotKnow(String authorization) {
        try (HawserTest test = members()) {
            assertThat(test.request("GET", "/page", Map.of("Authorization", authorization)))
                    .hasStatus(401).hasHeader("WWW-Authenticate", "Bearer").hasBody("Unauthorized");
            assertThat(test.upgrade("/chat/quay").response()).hasStatus(401);
        }
    }

    @Test
    void tellsStrangersNothingOfWhatThereIs() {
        try (HawserTest test = members()) {
            assertThat(test.request("PUT", "/page", Map.of())).as("405 for others").hasStatus(401).hasNoHeader("Allow");
            assertThat(test.request("/chat/quay")).as("400 for others").hasStatus(401);
            assertThat(test.request("/page/none")).as("404 for others").hasStatus(401);
            assertThat(test.request("/none")).as("which is not near to theirs alone").hasStatus(404);
            assertThat(test.request("DELETE", "/", Map.of())).as("not theirs alone").hasStatus(405).hasHeader("Allow", "GET, HEAD, PUT, OPTIONS");
            Map<String, String> ada = Map.of("Authorization", "Bearer of Ada");
            assertThat(test.request("PUT", "/page", ada)).hasStatus(405);
            assertThat(test.request("GET", "/chat/quay", ada)).hasStatus(400);
            assertThat(test.request("GET", "/page/none", ada)).hasStatus(404);
        }
    }

    @Test
    void tellsStrangersNothingWhereOthersTakeAllPaths() {
        HttpHandler app = routes(
                prefix("/", get(WrapsTest::name)),
                authenticated(USER, request -> verify(request.bearerToken()),
                        path("/notes", put(WrapsTest::name)),
                        path("/notes/{id}", put(WrapsTest::name)),
                        path("/chat", webSocket(ECHO, "x"))));
        try (HawserTest test = HawserTest.of(app)) {
            for (String method : List.of("POST", "OPTIONS")) {
                for (String target : List.of("/notes", "/notes/1", "/chat")) {
                    assertThat(test.request(method, target, Map.of())).as(method + " " + target).hasStatus(401).hasNoHeader("Allow");
                }
            }
            assertThat(test.upgrade("/chat").response()).hasStatus(401).hasNoHeader("Sec-WebSocket-Protocol");
            assertThat(test.request("POST", "/other", Map.of())).hasStatus(405).hasHeader("Allow", "GET, HEAD, OPTIONS");
            assertThat(test.request("POST", "/notes/1", Map.of("Authorization", "Bearer of Ada")))
                    .hasStatus(405).hasHeader("Allow", "PUT, OPTIONS, GET, HEAD");
        }
    }

    @Test
    void asksOnAVirtualThreadAndAnswersOnTheLoop() {
        List<Boolean> virtual = new ArrayList<>();
        HttpHandler app = routes(authenticated(USER, request -> {
            virtual.add(Thread.currentThread().isVirtual());
            return Optional.of("Ada");
        }, path("/", get(HttpHandler.async(request -> {
            virtual.add(Thread.currentThread().isVirtual());
            return completedStage(name(request));
        })))));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/")).hasBody("Ada");
            assertThat(virtual).containsExactly(true, false);
        }
    }

    @Test
    void answersForACheckThatFails() {
        try (HawserTest test = HawserTest.of(routes(authenticated(USER, request -> {
            throw new IllegalStateException("no database");
        }, path("/", get(WrapsTest::name)))))) {
            assertThat(test.request("/")).hasStatus(500).hasBody("Internal Server Error");
            assertThat(test.failures()).hasSize(1);
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static HawserTest admins() {
        return HawserTest.of(routes(prefix("/admin", basicAuth("admin", USER,
                (user, password) -> password.equals("sesam:öffne") ? Optional.of(user) : Optional.empty(),
                path("", get(WrapsTest::name)),
                path("/users", get(WrapsTest::name))))));
    }

    @Test
    void knowsNamesByPasswords() {
        try (HawserTest test = admins()) {
            assertThat(test.request("GET", "/admin/users", Map.of("Authorization", basic("Ada:sesam:öffne")))).hasBody("Ada");
            assertThat(test.request("GET", "/admin", Map.of("Authorization", basic(":sesam:öffne")))).hasStatus(200).hasBody("");
            assertThat(test.request("/admin/none")).hasStatus(401);
            assertThat(test.request("/")).hasStatus(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ada:wrong", "Ada", ""})
    void asksForThePassword(String pair) {
        try (HawserTest test = admins()) {
            assertThat(test.request("GET", "/admin", Map.of("Authorization", basic(pair))))
                    .hasStatus(401).hasHeader("WWW-Authenticate", "Basic realm=\"admin\", charset=\"UTF-8\"");
            assertThat(test.request("GET", "/admin", Map.of("Authorization", "Basic ????"))).hasStatus(401);
            assertThat(test.request("/admin")).hasStatus(401);
        }
    }

    @Tag("hostile-16")
    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\r\nb", "a\\", "é"})
    void refusesRealms(String realm) {
        assertThatIllegalArgumentException().isThrownBy(() -> basicAuth(realm, USER, (user, password) -> Optional.of(user)))
                .withMessageContaining("a realm must be");
    }

    // ---- from where

    @Tag("H7")
    @Test
    void letsPagesOfMoreOriginsIn() {
        HttpHandler app = routes(
                path("/closed", webSocket(ECHO)),
                origins(List.of("https://page.example"),
                        path("/open", webSocket(ECHO)),
                        path("/own", get(request -> request.upgrade().orElseThrow().accept(ECHO)))));
        try (HawserTest test = HawserTest.of(app, o -> o.server(s -> s.origins("https://server.example")))) {
            assertThat(test.upgrade("/open", o -> o.header("Origin", "https://page.example")).isWebSocketUpgrade()).isTrue();
            assertThat(test.upgrade("/own", o -> o.header("Origin", "https://page.example")).isWebSocketUpgrade()).isTrue();
            assertThat(test.upgrade("/open", o -> o.header("Origin", "https://server.example")).isWebSocketUpgrade()).isTrue();
            assertThat(test.upgrade("/open", o -> o.header("Origin", "https://evil.example")).response()).hasStatus(403);
            assertThat(test.upgrade("/closed", o -> o.header("Origin", "https://page.example")).response()).hasStatus(403);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> origins(List.of("page.example"))).withMessageContaining("not an origin");
    }

    // ---- what becomes of the response

    @Tag("H9")
    @Test
    void changesResponses() {
        HttpHandler app = routes(mapResponse(response -> response.withHeader("X-All", "yes"),
                path("/chat", webSocket(ECHO)),
                path("/fails", get(request -> {
                    throw new IllegalStateException("no");
                })),
                prefix("/inner", mapResponse(response -> response.withHeader("X-Inner", "yes"), path("/page", get(WrapsTest::name))))));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.upgrade("/chat").response()).hasStatus(101).hasHeader("X-All", "yes");
            assertThat(test.request("/inner/page")).hasStatus(200).hasHeader("X-All", "yes").hasHeader("X-Inner", "yes");
            assertThat(test.request("/inner/none")).hasStatus(404).hasHeader("X-All", "yes").hasHeader("X-Inner", "yes");
            assertThat(test.request("PUT", "/chat", Map.of())).hasStatus(405).hasHeader("X-All", "yes").hasNoHeader("X-Inner");
            assertThat(test.request("/chat")).hasStatus(400).hasHeader("X-All", "yes");
            assertThat(test.request("/none")).hasStatus(404).hasHeader("X-All", "yes").hasNoHeader("X-Inner");
            assertThat(test.request("/fails")).hasStatus(500).hasHeader("X-All", "yes");
        }
    }

    @Test
    void passesFromTheOutermostToTheInnermost() {
        List<String> passed = new ArrayList<>();
        Routes.Around outer = (request, next) -> {
            passed.add("outer");
            return next.apply(request.with(USER, "Ada")).thenApply(response -> response.withHeader("X-Outer", "yes"));
        };
        Routes.Around inner = (request, next) -> {
            passed.add("inner of " + request.get(USER).orElseThrow());
            return next.apply(request);
        };
        try (HawserTest test = HawserTest.of(routes(around(outer, path("/x", around(inner, get(WrapsTest::name))))))) {
            assertThat(test.request("/x")).hasStatus(200).hasBody("Ada").hasHeader("X-Outer", "yes");
            assertThat(passed).containsExactly("outer", "inner of Ada");
        }
    }

    @Test
    void answersInsteadOfHandlers() {
        AtomicInteger asked = new AtomicInteger();
        HttpHandler app = routes(around((request, next) -> completedStage(Response.of(503)), path("/x", get(request -> {
            asked.incrementAndGet();
            return Response.of(204);
        }))));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/x")).hasStatus(503);
            assertThat(asked).hasValue(0);
        }
    }

    // ---- routes that are written

    private static Route host(String name, Route inner) {
        return request -> request.header("X-Host").filter(name::equals).isPresent() ? inner.choose(request) : Route.Rejected.noPath();
    }

    @Test
    void asksRoutesThatAreWrittenLast() {
        HttpHandler app = routes(
                prefix("/p/{x}", authenticated(USER, request -> verify(request.bearerToken()),
                        host("a", path("/y", get(request -> Response.text("a " + request.pathParam("x") + name(request).bodyText())))),
                        host("b", path("/y", put(WrapsTest::name))))),
                path("/exact", host("a", get(WrapsTest::name))),
                host("a", path("/q", get(WrapsTest::name))),
                path("/q", put(request -> Response.text("put"))),
                request -> new Route.Rejected.Refused(Response.of(418)));
        try (HawserTest test = HawserTest.of(app)) {
            Map<String, String> ada = Map.of("Authorization", "Bearer of Ada", "X-Host", "a");
            assertThat(test.request("GET", "/p/1/y", ada)).hasBody("a 1Ada");
            assertThat(test.request("GET", "/p/1/y", Map.of("X-Host", "a"))).hasStatus(401);
            assertThat(test.request("GET", "/q", Map.of("X-Host", "a"))).hasBody("nobody");
            assertThat(test.request("PUT", "/q", Map.of("X-Host", "a"))).hasBody("put");
            assertThat(test.request("GET", "/exact", ada)).hasBody("nobody");
            assertThat(test.request("GET", "/exact/x", ada)).hasStatus(418);
            assertThat(test.request("GET", "/none", ada)).hasStatus(418);
        }
    }

    @Test
    void keepsRefusalsOfWrittenRoutesBehindTheirWraps() {
        HttpHandler app = routes(mapResponse(response -> response.withHeader("X-All", "yes"),
                path("/x", request -> new Route.Rejected.Refused(Response.of(410)))));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/x")).hasStatus(410).hasHeader("X-All", "yes");
        }
    }

    @Test
    void keepsRejectionsInsideOfWrittenRoutesBehindTheirWraps() {
        HttpHandler app = routes(host("a", host("a", mapResponse(response -> response.withHeader("X-All", "yes"),
                authenticated(USER, request -> verify(request.bearerToken()), path("/q", put(WrapsTest::name), webSocket(ECHO, "x")))))));
        try (HawserTest test = HawserTest.of(app)) {
            Map<String, String> stranger = Map.of("X-Host", "a");
            assertThat(test.request("POST", "/q", stranger)).hasStatus(401).hasHeader("X-All", "yes").hasNoHeader("Allow");
            assertThat(test.request("OPTIONS", "/q", stranger)).hasStatus(401).hasNoHeader("Allow");
            assertThat(test.upgrade("/q", o -> o.header("X-Host", "a")).response()).hasStatus(401).hasNoHeader("Sec-WebSocket-Protocol");
            assertThat(test.request("POST", "/q", Map.of("X-Host", "a", "Authorization", "Bearer of Ada"))).hasStatus(405).hasHeader("X-All", "yes");
        }
    }

    @Test
    void mergesWhatWrittenRoutesReject() {
        HttpHandler app = routes(host("a", path("/q", get(WrapsTest::name), webSocket(ECHO, "x"))), path("/q", put(WrapsTest::name), webSocket(ECHO, "y")));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("DELETE", "/q", Map.of("X-Host", "a"))).hasStatus(405).hasHeader("Allow", "PUT, GET, OPTIONS, HEAD");
            assertThat(test.upgrade("/q", o -> o.header("X-Host", "a")).response()).hasStatus(400).hasHeader("Sec-WebSocket-Protocol", "y, x");
        }
    }
}
