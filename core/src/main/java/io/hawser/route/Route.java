// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Takes a request, for a handler to answer, or rejects it, so that another route may take it. {@link Routes} makes those that most
 * applications need; one may be written as well, here by the host that a client asks:
 *
 * <pre>{@code
 * static Route host(String name, Route inner) {
 *     return request -> request.header("Host").filter(name::equalsIgnoreCase).isPresent()
 *             ? inner.choose(request)
 *             : Route.Rejected.noPath();
 * }
 * }</pre>
 *
 * <p>Nothing is known of what such a route takes. So routes that are written are asked last, in their order, and where one of {@link Routes} has
 * rejected the request; and they are asked before anything that stands around them, such as {@link Routes#authenticated}, has run. Below a {@link
 * Routes#prefix}, routes inside of them go by what is left of the path, as they would without.
 */
@FunctionalInterface
public interface Route {
    /** Takes or rejects a request; on the event loop, so it must not block, and has no effects. */
    Outcome choose(Request request);

    /** What becomes of a request. */
    sealed interface Outcome {}

    /**
     * The route takes it.
     *
     * @param handler answers it, in its own way
     * @param request what the handler is given: the request, perhaps {@linkplain Request#with with} more
     */
    record Taken(HttpHandler handler, Request request) implements Outcome {}

    /**
     * The route does not take it. If none does, the most telling rejection becomes the response: a refusal before missing subprotocols, before a
     * wrong method, before a path that no route has. Several that lack subprotocols or methods tell all of them.
     */
    sealed interface Rejected extends Outcome {
        /** Nothing is at its path, or whatever else the route goes by: 404. */
        record NoPath() implements Rejected {}

        /**
         * The method is another: 405, or 204 to {@code OPTIONS}.
         *
         * @param allowed methods, for {@code Allow}
         */
        record WrongMethod(SequencedSet<String> allowed) implements Rejected {
            /** Copies the set. */
            public WrongMethod {
                allowed = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(allowed));
            }
        }

        /**
         * The client offers no subprotocol that is spoken here: 400.
         *
         * @param supported subprotocols, told to the client
         */
        record NoSubprotocol(List<String> supported) implements Rejected {
            /** Copies the list. */
            public NoSubprotocol {
                supported = List.copyOf(supported);
            }
        }

        /** Whatever else there is to say, unless another route takes the request. */
        record Refused(Response response) implements Rejected {}

        /** There is nothing here for the request: {@link NoPath}. */
        static Rejected noPath() {
            return new NoPath();
        }

        /** The more telling of two; of two that lack methods or subprotocols, one that lacks all. Of two refusals the first. */
        static Rejected moreTelling(Rejected first, Rejected second) {
            if (first instanceof WrongMethod(var some) && second instanceof WrongMethod(var others)) {
                SequencedSet<String> all = new LinkedHashSet<>(some);
                all.addAll(others);
                return new WrongMethod(all);
            }
            if (first instanceof NoSubprotocol(var some) && second instanceof NoSubprotocol(var others)) {
                SequencedSet<String> all = new LinkedHashSet<>(some);
                all.addAll(others);
                return new NoSubprotocol(List.copyOf(all));
            }
            return rank(second) > rank(first) ? second : first;
        }

        private static int rank(Rejected rejected) {
            return switch (rejected) {
                case NoPath() -> 0;
                case WrongMethod(var unused) -> 1;
                case NoSubprotocol(var unused) -> 2;
                case Refused(var unused) -> 3;
            };
        }
    }
}
