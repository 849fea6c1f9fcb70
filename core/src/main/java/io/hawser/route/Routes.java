// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.Attribute;
import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Routes, to be put together, and the handler that they make; for static imports:
 *
 * <pre>{@code
 * HttpHandler app = routes(
 *         path("/", get(request -> Response.html(page))),
 *         path("/greeter", webSocket(greeter)),
 *         path("/rooms/{room}", get(r -> show(r.pathParam("room"))), put(r -> create(r.pathParam("room")))));
 * }</pre>
 *
 * <p>The order of routes does not count: a request is taken by the most specific path that has a route for its method or upgrade, where plain
 * text is more specific than a parameter, and a parameter more than a rest. Routes of which neither would be are refused when they are put
 * together. Choosing runs on the event loop; handlers run as {@link HttpHandler} says, each in its own way.
 */
public final class Routes {
    private Routes() {}

    /** A function that may block and throw anything; it runs on a virtual thread. */
    @FunctionalInterface
    public interface Blocking<A, T> {
        /** Its value. */
        T apply(A argument) throws Exception;
    }

    /** Whether a name and a password are somebody's; may block, on a virtual thread. */
    @FunctionalInterface
    public interface PasswordCheck<T> {
        /**
         * Who that is; empty if nobody. Compare by {@link java.security.MessageDigest#isEqual}, which takes as long for a password that is nearly
         * right.
         */
        Optional<T> check(String user, String password) throws Exception;
    }

    /** What is done around handlers, without blocking. */
    @FunctionalInterface
    public interface Around {
        /**
         * Answers a request, as a rule by the response of what is behind; on the event loop.
         *
         * @param next has the request answered by what is behind, if it is called, and perhaps with more {@linkplain Request#with attributes}; any
         *     thread. The stage never fails: where a handler does, the response is what the client would get
         */
        CompletionStage<Response> answer(Request request, Function<Request, CompletionStage<Response>> next);
    }

    /**
     * The handler that has these routes answer. Where none takes the request, it answers itself: 404 if no route is at its path, 405 with {@code
     * Allow} if those have other methods, 204 with {@code Allow} to {@code OPTIONS}, 400 and 426 to upgrades that cannot be; see {@link
     * Route.Rejected}.
     *
     * @throws IllegalArgumentException if two of them take the same requests and neither has the more specific path, with both in its message; or if
     *     one takes none, as with an empty path below no prefix
     */
    public static HttpHandler routes(Route... routes) {
        return Branch.of(routes, leaf -> leaf).handler();
    }

    // ---- by path

    /**
     * Routes at a path. Segments are plain text, decoded; or {@code {name}}, which takes any one that is not empty, for {@link
     * Request#pathParam}; or at the end {@code {name...}}, which takes one or more, perhaps empty, joined by slashes. A segment is decoded when
     * the path has been split, so that {@code %2F} stays inside of it: what is sent is no name of a file, for which there is {@link #files}.
     * Slashes at the end count: "/rooms" and "/rooms/" are different paths. No path with a segment "." or "..", encoded or not, is taken by any
     * route.
     *
     * @param pattern "/rooms/{room}", or "/"; empty for a {@link #prefix} alone
     * @param routes what is there; those with a path of their own are below it
     * @throws IllegalArgumentException if the pattern is not of that form
     */
    public static Route path(String pattern, Route... routes) {
        PathPattern path = PathPattern.of(pattern);
        return Branch.of(routes, leaf -> leaf.at(path));
    }

    /**
     * Routes at a path and all that is below: "/admin", "/admin/" and "/admin/users", but not "/administrator". Those with a path of their own take
     * that alone.
     *
     * @param pattern as in {@link #path}, without a slash at its end; "/" for all paths
     * @throws IllegalArgumentException if the pattern is not of that form
     */
    public static Route prefix(String pattern, Route... routes) {
        PathPattern path = PathPattern.of(pattern.equals("/") ? "" : pattern);
        return Branch.of(routes, leaf -> leaf.below(path));
    }

    // ---- by method

    /** Answers GET, and HEAD where no other route does. */
    public static Route get(HttpHandler handler) {
        return method("GET", handler);
    }

    /** Answers HEAD. */
    public static Route head(HttpHandler handler) {
        return method("HEAD", handler);
    }

    /** Answers POST. */
    public static Route post(HttpHandler handler) {
        return method("POST", handler);
    }

    /** Answers PUT. */
    public static Route put(HttpHandler handler) {
        return method("PUT", handler);
    }

    /** Answers DELETE. */
    public static Route delete(HttpHandler handler) {
        return method("DELETE", handler);
    }

    /** Answers PATCH. */
    public static Route patch(HttpHandler handler) {
        return method("PATCH", handler);
    }

    /** Answers OPTIONS, in place of the answer that tells which methods there are. */
    public static Route options(HttpHandler handler) {
        return method("OPTIONS", handler);
    }

    /**
     * Answers a method.
     *
     * @param name as it is sent; case counts
     * @throws IllegalArgumentException if it is not a token
     */
    public static Route method(String name, HttpHandler handler) {
        return Branch.of(new Leaf.Kind.Method(Upgrades.requireToken("method", name), Objects.requireNonNull(handler, "handler")));
    }

    /** Answers all methods, and upgrades, that no other route of the path does. */
    public static Route any(HttpHandler handler) {
        return Branch.of(new Leaf.Kind.Any(Objects.requireNonNull(handler, "handler")));
    }

    // ---- WebSocket

    /**
     * Accepts upgrades. Several may be at a path, each with subprotocols of its own: the first that has one which the client offers takes the upgrade,
     * in the order of the routes, not of the client; else one without takes it, and chooses none. Subprotocols compare exactly (RFC 6455, 4.1).
     * Whatever attempts an upgrade is theirs alone: what none of them takes is answered by 400 that tells the subprotocols, or by {@link
     * Request#upgradeRefusal}, even if there is a route for GET. A plain GET where there is none is answered by 400 as well.
     *
     * @param subprotocols one of which the client must offer; the first that it offers is chosen. None if that does not matter
     * @throws IllegalArgumentException if a subprotocol is not a token
     */
    public static Route webSocket(WebSocketHandler handler, String... subprotocols) {
        Objects.requireNonNull(handler, "handler");
        return Upgrades.leaves(List.of(subprotocols), subprotocol -> HttpHandler.async(request -> CompletableFuture.completedStage(
                Upgrades.accept(request, handler, subprotocol))));
    }

    /**
     * Accepts upgrades with a handler made for each.
     *
     * @param factory gives the handler for a request; its failure is answered by 500, or the status of its {@link io.hawser.HttpStatusException}
     * @throws IllegalArgumentException if a subprotocol is not a token
     */
    public static Route webSocket(Blocking<? super Request, WebSocketHandler> factory, String... subprotocols) {
        Objects.requireNonNull(factory, "factory");
        return Upgrades.leaves(List.of(subprotocols), subprotocol -> request -> Upgrades.accept(request, factory.apply(request), subprotocol));
    }

    /**
     * Accepts upgrades, with a subprotocol if the client offers it, and else without, be it that it offers others or none.
     *
     * @throws IllegalArgumentException if the subprotocol is not a token
     */
    public static Route webSocketPreferring(String subprotocol, WebSocketHandler handler) {
        return Branch.of(new Route[] {webSocket(handler, subprotocol), webSocket(handler)}, leaf -> leaf);
    }

    /**
     * The same with a handler made for each.
     *
     * @throws IllegalArgumentException if the subprotocol is not a token
     */
    public static Route webSocketPreferring(String subprotocol, Blocking<? super Request, WebSocketHandler> factory) {
        return Branch.of(new Route[] {webSocket(factory, subprotocol), webSocket(factory)}, leaf -> leaf);
    }

    /**
     * Lets pages of more origins upgrade at these routes, beside those that {@code ServerOptions.origins} lets everywhere.
     *
     * @param allowed as {@code https://example.com}
     * @throws IllegalArgumentException if one of them is not a scheme, a host and perhaps a port
     */
    public static Route origins(List<String> allowed, Route... routes) {
        return behind(Wraps.origins(allowed), routes);
    }

    // ---- files

    /**
     * Answers GET and HEAD with the files of a folder and of those below, as {@link Response#file(Path)} does; a folder with its {@code index.html}, to
     * which one is redirected (308) that asks for it without a slash; and anything else by 404. No path leads out of the folder: names are taken
     * one by one, decoded, and none that is hidden (with a dot in front), holds a slash or backslash, encoded or not, or means something else than a
     * file to the operating system; a link is followed where it leads to a file below the folder. Runs on a virtual thread.
     *
     * @param prefix as in {@link #prefix}
     * @param folder looked up anew for each request, so it may be a link that changes
     * @throws IllegalArgumentException if the pattern is not of that form, or there is no such folder
     */
    public static Route files(String prefix, Path folder) {
        return prefix(prefix, get(new StaticFiles(new FolderFiles(folder))));
    }

    /**
     * The same with files beside a class, in its jar as a rule: {@code resources("/static", App.class, "web")}. They are read as a whole. A module
     * must open their package to {@code io.hawser}, unless the folder's name is none of a package, such as {@code META-INF}.
     *
     * @param prefix as in {@link #prefix}
     * @param folder beside the class, or from the root on if it begins with a slash; without one at its end
     * @throws IllegalArgumentException if the pattern or the folder is not of that form
     */
    public static Route resources(String prefix, Class<?> besides, String folder) {
        return prefix(prefix, get(new StaticFiles(new ResourceFiles(besides, folder))));
    }

    // ---- what stands around routes

    /**
     * Asks who it is that makes a request, before the handler of any of these routes is asked. Whom the check does not know gets 401 with {@code
     * WWW-Authenticate: Bearer}; and so does who asks for what none of these routes takes, if no other comes as near to it: so nobody learns what there
     * is without being known.
     *
     * @param who the key under which {@link Request#get} tells the handlers
     * @param check may block, and runs on a virtual thread; empty if that is nobody. {@link Request#bearerToken} and {@link Request#cookie} help
     */
    public static <T> Route authenticated(Attribute<T> who, Blocking<? super Request, Optional<T>> check, Route... routes) {
        return behind(Wraps.authenticated(who, check, "Bearer"), routes);
    }

    /**
     * The same by name and password (RFC 7617), for which browsers ask. They come with each request, so serve this over TLS only.
     *
     * @param realm what browsers show; printable ASCII without quotes
     * @throws IllegalArgumentException if the realm has other characters
     */
    public static <T> Route basicAuth(String realm, Attribute<T> who, PasswordCheck<T> check, Route... routes) {
        return behind(Wraps.authenticated(who, Wraps.basic(check), Wraps.basicChallenge(realm)), routes);
    }

    /**
     * Does something around the handlers of these routes, such as to log what they answer. Of what stands around a route the outermost comes first. A
     * request that no route takes passes what stands around all the routes that come nearest to it; so what stands around all routes sees each response,
     * but for those to requests that cannot be read or take too long. A response that accepts an upgrade is a response like others.
     */
    public static Route around(Around around, Route... routes) {
        return behind(Wraps.around(around), routes);
    }

    /**
     * Changes what these routes answer, such as by more header fields; as {@link #around}.
     *
     * @param change on the event loop; must not block
     */
    public static Route mapResponse(UnaryOperator<Response> change, Route... routes) {
        return behind(Wraps.mapResponse(change), routes);
    }

    private static Route behind(Leaf.Wrap wrap, Route... routes) {
        return Branch.of(routes, leaf -> leaf.behind(wrap));
    }
}
