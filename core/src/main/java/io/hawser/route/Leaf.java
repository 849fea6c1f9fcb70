// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One handler of a tree of routes, with all that leads to it.
 *
 * @param pattern which paths it takes
 * @param anywhere whether nothing has been said yet about paths
 * @param kind which requests to them
 * @param wraps what stands around it, from the outermost on
 */
record Leaf(PathPattern pattern, boolean anywhere, Kind kind, List<Wrap> wraps) {
    /** What stands around handlers: gives one that calls the one it is given, or does not. */
    @FunctionalInterface
    interface Wrap extends UnaryOperator<HttpHandler> {}

    /** Which requests a leaf takes. */
    sealed interface Kind {
        /** Those of a method; GET's are taken for HEAD as well, where nothing else takes that. */
        record Method(String name, HttpHandler handler) implements Kind {}

        /** Those of all methods, upgrades among them, that nothing else takes. */
        record Any(HttpHandler handler) implements Kind {}

        /** Upgrades, of those that offer the subprotocol if one is named. */
        record Upgrade(Optional<String> subprotocol, HttpHandler handler) implements Kind {}

        /** Those that a route takes that was written by a user. */
        record Written(Route route) implements Kind {}
    }

    Leaf {
        wraps = List.copyOf(wraps);
    }

    /** At whatever path. */
    static Leaf of(Kind kind) {
        return new Leaf(PathPattern.OPEN, true, kind, List.of());
    }

    /** The same at a path: there alone, where it was for any. */
    Leaf at(PathPattern path) {
        return anywhere ? new Leaf(path, false, kind, wraps) : below(path);
    }

    /** The same below a path. */
    Leaf below(PathPattern prefix) {
        return new Leaf(prefix.append(pattern), false, kind, wraps);
    }

    /** The same behind something. */
    Leaf behind(Wrap wrap) {
        List<Wrap> all = new ArrayList<>(wraps.size() + 1);
        all.add(wrap);
        all.addAll(wraps);
        return new Leaf(pattern, anywhere, kind, all);
    }

    /** The same with more around what is inside of it. */
    Leaf around(List<Wrap> inside) {
        List<Wrap> all = new ArrayList<>(wraps);
        all.addAll(inside);
        return new Leaf(pattern, anywhere, kind, all);
    }

    /** The handler with all that stands around it. */
    static HttpHandler wrapped(HttpHandler handler, List<Wrap> wraps) {
        HttpHandler wrapped = handler;
        for (Wrap wrap : wraps.reversed()) {
            wrapped = wrap.apply(wrapped);
        }
        return wrapped;
    }

    /** Whether the same requests to one path are taken by both. */
    boolean isSameKindAs(Leaf other) {
        return switch (kind) {
            case Kind.Method(var name, var unused) -> other.kind instanceof Kind.Method(var another, var unasked) && name.equals(another);
            case Kind.Any any -> other.kind instanceof Kind.Any;
            case Kind.Upgrade(var subprotocol, var unused) ->
                other.kind instanceof Kind.Upgrade(var another, var unasked) && subprotocol.equals(another);
            case Kind.Written written -> false;
        };
    }

    /** As in "GET /rooms/{room}", for messages. */
    @Override
    public String toString() {
        return switch (kind) {
            case Kind.Method(var name, var unused) -> name + " " + pattern;
            case Kind.Any any -> "any method " + pattern;
            case Kind.Upgrade(var subprotocol, var unused) -> "webSocket" + subprotocol.map(name -> " " + name).orElse("") + " " + pattern;
            case Kind.Written written -> "a route of your own " + pattern;
        };
    }
}
