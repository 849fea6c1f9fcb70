// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.route.Leaf.Kind;
import io.hawser.route.Route.Outcome;
import io.hawser.route.Route.Rejected;
import io.hawser.route.Route.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** All routes of an application, those of the most specific paths first. */
final class RouteTable {
    /** The leaves of which all is known, by the paths that they take. */
    private final List<Endpoint> endpoints = new ArrayList<>();

    /** Those that users have written, in their order. */
    private final List<Leaf> written = new ArrayList<>();

    private final List<Leaf> all;

    /**
     * A table of these leaves.
     *
     * @throws IllegalArgumentException if two of them take the same requests, and neither is more specific
     */
    RouteTable(List<Leaf> leaves) {
        all = List.copyOf(leaves);
        leaves.forEach(this::add);
        endpoints.sort((one, other) -> PathPattern.bySpecificity(one.pattern(), other.pattern()));
    }

    private void add(Leaf leaf) {
        if (leaf.kind() instanceof Kind.Written) {
            written.add(leaf);
            return;
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.pattern().takesSameAs(leaf.pattern())) {
                endpoint.add(leaf);
                return;
            }
            if (endpoint.pattern().isAmbiguousWith(leaf.pattern())) {
                throw new IllegalArgumentException("%s and %s take some paths both, and neither is more specific; make one of them so"
                        .formatted(endpoint.leaves().getFirst(), leaf));
            }
        }
        endpoints.add(new Endpoint(leaf));
    }

    /**
     * What becomes of a request, to begin with.
     *
     * @param behind what a rejection is answered behind
     */
    record Choice(Outcome outcome, List<Leaf.Wrap> behind) {}

    /**
     * Chooses among the routes.
     *
     * @param path the segments of the request's path, or those behind a prefix
     */
    Choice choose(Request request, List<String> path) {
        Trial trial = new Trial(request, path);
        // RFC 3986 3.3: "." and ".." are removed as part of the resolution process, by clients; what has them still means no good.
        if (request.pathSegments().isEmpty() || path.stream().anyMatch(PathPattern::isDots)) {
            return trial.rejected(closest(path));
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.pattern().matches(path) && trial.isTakenBy(endpoint)) {
                return trial.taken();
            }
        }
        for (Leaf leaf : written) {
            if (leaf.pattern().matches(path) && trial.isTakenBy(leaf)) {
                return trial.taken();
            }
        }
        return trial.rejected(closest(path));
    }

    /** The leaves whose paths have most in common with one that none takes, from its beginning on. */
    private List<Leaf> closest(List<String> path) {
        int most = all.stream().mapToInt(leaf -> leaf.pattern().commonWith(path)).max().orElse(0);
        return all.stream().filter(leaf -> leaf.pattern().commonWith(path) == most).toList();
    }

    /** The routes as a handler. */
    HttpHandler handler() {
        return HttpHandler.composed((request, caller) -> {
            Choice choice = choose(request, request.pathSegments());
            return switch (choice.outcome()) {
                case Taken(HttpHandler handler, Request changed) -> caller.call(handler, changed);
                case Rejected rejected -> caller.call(Leaf.wrapped(answering(rejected), choice.behind()), request);
            };
        });
    }

    private static HttpHandler answering(Rejected rejected) {
        return HttpHandler.async(request -> CompletableFuture.completedStage(response(request, rejected)));
    }

    private static Response response(Request request, Rejected rejected) {
        return switch (rejected) {
            case Rejected.NoPath() -> Response.text(404, "Not Found");
            case Rejected.WrongMethod(var allowed) -> {
                String list = String.join(", ", allowed);
                Response response = request.method().equals("OPTIONS") ? Response.of(204) : Response.text(405, "Expected one of " + list);
                yield response.withHeader("Allow", list);
            }
            case Rejected.NoSubprotocol(var supported) -> {
                String list = String.join(", ", supported);
                yield Response.text(400, "Expected one of the subprotocols " + list).withHeader("Sec-WebSocket-Protocol", list);
            }
            case Rejected.Refused(Response refusal) -> refusal;
        };
    }
}
