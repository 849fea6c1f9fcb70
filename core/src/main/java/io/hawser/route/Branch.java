// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import io.hawser.Request;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Routes of which all is known: the leaves of a tree. */
final class Branch implements Route {
    private final List<Leaf> leaves;

    /** Made at once, so that what is ambiguous is refused where it is written. */
    private final RouteTable table;

    private Branch(List<Leaf> leaves) {
        this.leaves = leaves;
        this.table = new RouteTable(leaves);
    }

    static Branch of(Stream<Leaf> leaves) {
        return new Branch(leaves.toList());
    }

    static Branch of(Leaf.Kind kind) {
        return of(Stream.of(Leaf.of(kind)));
    }

    /** Those of all these routes, changed. */
    static Branch of(Route[] routes, UnaryOperator<Leaf> change) {
        return of(Stream.of(routes).flatMap(Branch::leaves).map(change));
    }

    private static Stream<Leaf> leaves(Route route) {
        return route instanceof Branch branch ? branch.leaves.stream() : Stream.of(Leaf.of(new Leaf.Kind.Written(route)));
    }

    /** For routes written by users that choose among others: by what is left of the path where those stand. */
    @Override
    public Outcome choose(Request request) {
        RouteTable.Choice choice = table.choose(request, request.get(Trial.REST).orElseGet(request::pathSegments));
        if (choice.outcome() instanceof Rejected rejected) {
            request.get(Trial.INSIDE).ifPresent(inside -> inside.put(rejected, choice.behind()));
        }
        return choice.outcome();
    }

    /**
     * The handler of an application.
     *
     * @throws IllegalArgumentException if a route can take no request
     */
    HttpHandler handler() {
        leaves.forEach(Branch::requireReachable);
        return table.handler();
    }

    /** RFC 3986 3.3: a path begins with a slash, so that it has a segment. */
    private static void requireReachable(Leaf leaf) {
        if (leaf.pattern().segments().isEmpty()) {
            throw new IllegalArgumentException("%s takes no request, since each path begins with a slash; write \"/\"".formatted(leaf));
        }
    }
}
