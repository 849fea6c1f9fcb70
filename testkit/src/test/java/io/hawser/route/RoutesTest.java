// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import static io.hawser.route.Routes.any;
import static io.hawser.route.Routes.around;
import static io.hawser.route.Routes.delete;
import static io.hawser.route.Routes.get;
import static io.hawser.route.Routes.head;
import static io.hawser.route.Routes.method;
import static io.hawser.route.Routes.options;
import static io.hawser.route.Routes.patch;
import static io.hawser.route.Routes.path;
import static io.hawser.route.Routes.post;
import static io.hawser.route.Routes.prefix;
import static io.hawser.route.Routes.put;
import static io.hawser.route.Routes.routes;
import static io.hawser.route.Routes.webSocket;
import static io.hawser.testkit.assertj.HawserAssertions.assertThat;
import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.hawser.HttpHandler;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.testkit.HawserTest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes by path and method. */
class RoutesTest {
    private static HttpHandler text(String text) {
        return request -> Response.text(text);
    }

    private static HttpHandler param(String name) {
        return request -> Response.text(name + "=" + request.pathParam(name));
    }

    private static HawserTest rooms() {
        return HawserTest.of(routes(
                path("/", get(text("home"))),
                path("/rooms/{room}", get(param("room")), put(text("put")), path("/messages", post(text("messages")))),
                path("/rooms/new", post(text("new"))),
                path("/rooms/", get(text("rooms"))),
                path("/docs/{page...}", get(param("page"))),
                prefix("/admin", path("", get(text("admin"))), path("/users", get(text("users"))), delete(text("deleted")))));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, home",
        "GET, /?room=1, home",
        "GET, http://example.com, home",
        "GET, /rooms/quay, room=quay",
        "GET, /rooms/caf%C3%A9, room=café",
        "GET, /rooms/a%2Fb, room=a/b",
        "GET, /rooms/%, room=%",
        "PUT, /rooms/quay, put",
        "POST, /rooms/quay/messages, messages",
        "POST, /rooms/new, new",
        "POST, /rooms/%6eew, new",
        "GET, /rooms/new, room=new",
        "GET, /rooms/, rooms",
        "GET, /docs/a/b, page=a/b",
        "GET, /docs/, page=",
        "GET, /docs/a//, page=a//",
        "GET, /admin, admin",
        "GET, /admin/users, users",
        "DELETE, /admin, deleted",
        "DELETE, /admin/users, deleted",
        "DELETE, /admin/, deleted",
        "DELETE, /admin/a/b/c, deleted",
    })
    void takes(String method, String target, String answer) {
        try (HawserTest test = rooms()) {
            assertThat(test.request(method, target, Map.of())).hasStatus(200).hasBody(answer);
        }
    }

    @Tag("R5")
    @ParameterizedTest
    @ValueSource(strings = {
        "/none", "//", "/rooms", "/rooms/quay/", "/rooms//messages", "/rooms/quay/x", "/docs", "/administrator", "*",
        "/./", "/rooms/.", "/rooms/..", "/rooms/%2e%2E", "/docs/../rooms/quay", "/docs/a/%2e%2e/b", "/admin/../"
    })
    void hasNothingAt(String target) {
        try (HawserTest test = rooms()) {
            assertThat(test.request(target)).hasStatus(404).hasBody("Not Found").hasNoHeader("Allow");
        }
    }

    @Tag("R5")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "POST | / | GET, HEAD, OPTIONS",
        "get | / | GET, HEAD, OPTIONS",
        "DELETE | /rooms/quay | GET, HEAD, PUT, OPTIONS",
        "DELETE | /rooms/new | POST, OPTIONS, GET, HEAD, PUT",
        "PATCH | /admin/users | GET, HEAD, OPTIONS, DELETE",
        "GET | /admin/none | DELETE, OPTIONS",
    })
    void tellsOtherMethods(String method, String target, String allowed) {
        try (HawserTest test = rooms()) {
            assertThat(test.request(method, target, Map.of()))
                    .hasStatus(405).hasHeader("Allow", allowed).hasBody("Expected one of " + allowed);
            assertThat(test.request("OPTIONS", target, Map.of())).hasStatus(204).hasHeader("Allow", allowed);
        }
    }

    @Test
    void takesEachMethod() {
        HttpHandler app = routes(path("/x",
                get(text("get")), post(text("post")), put(text("put")), delete(text("delete")), patch(text("patch")),
                method("PURGE", text("purge")),
                options(request -> Response.of(204).withHeader("X-Method", "options")),
                head(request -> Response.of(200).withHeader("X-Method", "head")),
                any(request -> Response.text("any " + request.method()))));
        try (HawserTest test = HawserTest.of(app)) {
            for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "PATCH", "PURGE"}) {
                assertThat(test.request(method, "/x", Map.of())).hasBody(method.toLowerCase(Locale.ROOT));
            }
            assertThat(test.request("OPTIONS", "/x", Map.of())).hasStatus(204).hasHeader("X-Method", "options");
            assertThat(test.request("HEAD", "/x", Map.of())).hasStatus(200).hasHeader("X-Method", "head");
            assertThat(test.request("TRACE", "/x", Map.of())).hasBody("any TRACE");
        }
    }

    @Test
    void runsEachHandlerInItsOwnWay() {
        AtomicReference<Thread> blocking = new AtomicReference<>();
        AtomicReference<Thread> async = new AtomicReference<>();
        HttpHandler app = routes(
                path("/blocking", get(request -> {
                    blocking.set(Thread.currentThread());
                    return Response.of(204);
                })),
                path("/async", get(HttpHandler.async(request -> {
                    async.set(Thread.currentThread());
                    return completedStage(Response.of(204));
                }))));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/blocking")).hasStatus(204);
            assertThat(test.request("/async")).hasStatus(204);
            assertThat(blocking.get().isVirtual()).isTrue();
            assertThat(async.get()).as("the loop's").isEqualTo(Thread.currentThread());
        }
    }

    @Test
    void saysWhichParametersThereAre() {
        HttpHandler app = routes(path("/{a}/{b}", get(request -> {
            assertThatIllegalArgumentException().isThrownBy(() -> request.pathParam("c"))
                    .withMessage("the route of GET /1/2 has no parameter c, only [a, b]");
            return Response.of(204);
        })));
        try (HawserTest test = HawserTest.of(app)) {
            assertThat(test.request("/1/2")).hasStatus(204);
        }
    }

    @Test
    void answersWhereAHandlerCallsThemItself() throws Exception {
        HttpHandler app = routes(path("/x", get(text("x"))));
        HttpHandler own = request -> app.handle(request).withHeader("X-Own", "yes");
        try (HawserTest test = HawserTest.of(own)) {
            assertThat(test.request("/x")).hasBody("x").hasHeader("X-Own", "yes");
            assertThat(test.request("/y")).hasStatus(404).hasHeader("X-Own", "yes");
        }
    }

    @Test
    void takesAllBelowAPrefixOfAllPathsInsideAnother() {
        try (HawserTest test = HawserTest.of(routes(path("/a", prefix("/", get(text("a"))), path("/b", get(text("b"))))))) {
            assertThat(test.request("/a")).hasBody("a");
            assertThat(test.request("/a/c/d")).hasBody("a");
            assertThat(test.request("/a/b")).hasBody("b");
            assertThat(test.request("/b")).hasStatus(404);
        }
    }

    @Test
    void goesByTheWholePathWhereRoutesAreAHandlerBelowAPrefix() {
        HttpHandler inner = routes(path("/in/x", get(text("x"))));
        try (HawserTest test = HawserTest.of(routes(prefix("/in", any(inner))))) {
            assertThat(test.request("/in/x")).hasBody("x");
            assertThat(test.request("/in/y")).hasStatus(404);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what a handler does that is not checked
    void answersForHandlersThatReturnNothing() {
        HttpHandler app = routes(path("/blocking", get(request -> null)), path("/async", get(HttpHandler.async(request -> null))),
                path("/around", around((request, next) -> null, get(text("x")))));
        try (HawserTest test = HawserTest.of(app)) {
            for (String target : new String[] {"/blocking", "/async", "/around"}) {
                assertThat(test.request(target)).hasStatus(500);
            }
        }
    }

    // ---- what is refused

    @ParameterizedTest
    @ValueSource(strings = {
        "x", "/a//b", "//", "/a?b", "/a#b", "/a%20b", "/{", "/{}", "/{a", "/a}", "/x{a}", "/{a}x", "/{...}", "/{a...}/b", "/{a}/{a}", "/{a}/{a...}",
        "/..", "/a/./b", "/{a b}", "/a\\b", "/a\nb",
        "/a/:id", "/a/*", "/**"
    })
    void refusesPatterns(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> path(pattern, get(text("x"))))
                .withMessageStartingWith("no pattern of paths: \"" + pattern + "\"; ");
    }

    @Test
    void refusesRoutesBelowWhatHasNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> path("/a/", path("/b", get(text("x")))))
                .withMessage("no pattern of paths: \"/a/\"; leave out its last slash, since other routes stand below");
        assertThatIllegalArgumentException().isThrownBy(() -> prefix("/{a...}", path("/b", get(text("x")))))
                .withMessage("no pattern of paths: \"/{a...}\"; nothing stands below {name...}");
        assertThatIllegalArgumentException().isThrownBy(() -> path("/{a}", path("/{a}", get(text("x")))))
                .withMessage("no pattern of paths: \"/{a}/{a}\"; give its parameters names that differ");
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller does that is not checked
    void refusesToRouteToNothing() {
        for (Executable built : List.<Executable>of(
                () -> get(null), () -> any(null), () -> webSocket((WebSocketHandler) null), () -> webSocket((Routes.Blocking<Object, WebSocketHandler>) null))) {
            assertThatNullPointerException().isThrownBy(built::execute);
        }
    }

    @Test
    void refusesRoutesThatTakeNothing() {
        for (Route route : List.of(path("", get(text("x"))), prefix("/", path("", get(text("x")))))) {
            assertThatIllegalArgumentException().isThrownBy(() -> routes(route))
                    .withMessage("GET \"\" takes no request, since each path begins with a slash; write \"/\"");
        }
    }

    @Tag("hostile-16")
    @ParameterizedTest
    @ValueSource(strings = {"", "A B", "A\r\nB", "GÉT", "A,B"})
    void refusesMethods(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> method(name, text("x"))).withMessageContaining("a method must be a token");
    }

    @Test
    void refusesTheSameTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes(path("/rooms/{room}", get(text("1"))), prefix("/rooms", path("/{name}", get(text("2"))))))
                .withMessage("GET /rooms/{room} and GET /rooms/{name} take the same requests; leave out one of them");
        assertThatIllegalArgumentException().isThrownBy(() -> routes(prefix("/a", get(text("1"))), prefix("/a", get(text("2")))))
                .withMessage("GET /a and below and GET /a and below take the same requests; leave out one of them");
        assertThatIllegalArgumentException().isThrownBy(() -> routes(path("/a", any(text("1")), any(text("2")))))
                .withMessage("any method /a and any method /a take the same requests; leave out one of them");
    }

    @ParameterizedTest
    @CsvSource({"/a/{x}, /{y}/b", "/{x}/b, /a/{rest...}", "/{x}/, /a/{rest...}", "/{x}/b/{y}, /a/{z}/c"})
    void refusesPathsOfWhichNeitherIsMoreSpecific(String one, String other) {
        assertThatIllegalArgumentException().isThrownBy(() -> routes(path(one, get(text("1"))), path(other, post(text("2")))))
                .withMessage("GET %s and POST %s take some paths both, and neither is more specific; make one of them so".formatted(one, other));
    }

    @ParameterizedTest
    @CsvSource({"/a/{x}, /a/b", "/{x}/b/c, /{y}/{z}/d", "/a/{x}, /a/", "/{x}/{rest...}, /a/{y}", "/{x}, /{y}/", "/a/{rest...}, /a"})
    void takesPathsThatDifferOrAreMoreSpecific(String one, String other) {
        routes(path(one, get(text("1"))), path(other, get(text("2"))), prefix("/", get(text("3"))));
    }
}
