// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.WebSocketUpgrade;
import io.hawser.route.Leaf.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** What takes the same paths: one leaf for each kind of request. Filled while a table is built, then only read. */
final class Endpoint {
    private final List<Leaf> leaves = new ArrayList<>();

    Endpoint(Leaf first) {
        leaves.add(first);
    }

    void add(Leaf leaf) {
        for (Leaf before : leaves) {
            if (before.isSameKindAs(leaf)) {
                throw new IllegalArgumentException("%s and %s take the same requests; leave out one of them".formatted(before, leaf));
            }
        }
        leaves.add(leaf);
    }

    /** At least one; all take the same paths. */
    List<Leaf> leaves() {
        return leaves;
    }

    PathPattern pattern() {
        return leaves.getFirst().pattern();
    }

    /** A leaf that takes a request, and its handler. */
    record Found(Leaf leaf, HttpHandler handler) {}

    // ---- upgrades

    boolean hasUpgrades() {
        return leaves.stream().anyMatch(leaf -> leaf.kind() instanceof Kind.Upgrade);
    }

    /** The first whose subprotocol is offered; else one without. */
    Optional<Found> find(WebSocketUpgrade upgrade) {
        return find(upgrade, true).or(() -> find(upgrade, false));
    }

    private Optional<Found> find(WebSocketUpgrade upgrade, boolean named) {
        for (Leaf leaf : leaves) {
            if (leaf.kind() instanceof Kind.Upgrade(var subprotocol, var handler)
                    && subprotocol.isPresent() == named
                    && subprotocol.stream().allMatch(upgrade.subprotocols()::contains)) {
                return Optional.of(new Found(leaf, handler));
            }
        }
        return Optional.empty();
    }

    /** In the routes' order. */
    Stream<String> subprotocols() {
        return leaves.stream()
                .flatMap(leaf -> leaf.kind() instanceof Kind.Upgrade(var subprotocol, var unused) ? subprotocol.stream() : Stream.empty());
    }

    // ---- methods

    Optional<Found> find(Request request) {
        String method = request.method();
        return find(method)
                .or(() -> method.equals("HEAD") ? find("GET") : Optional.empty())
                .or(() -> leaves.stream()
                        .flatMap(leaf -> leaf.kind() instanceof Kind.Any(var handler) ? Stream.of(new Found(leaf, handler)) : Stream.empty())
                        .findFirst());
    }

    private Optional<Found> find(String method) {
        for (Leaf leaf : leaves) {
            if (leaf.kind() instanceof Kind.Method(var name, var handler) && name.equals(method)) {
                return Optional.of(new Found(leaf, handler));
            }
        }
        return Optional.empty();
    }

    /** Methods that something here takes, those that follow from others among them. */
    SequencedSet<String> methods() {
        SequencedSet<String> methods = new LinkedHashSet<>();
        for (Leaf leaf : leaves) {
            switch (leaf.kind()) {
                case Kind.Method(var name, var unused) -> {
                    methods.add(name);
                    if (name.equals("GET")) {
                        methods.add("HEAD");
                    }
                }
                case Kind.Upgrade upgrade -> methods.add("GET"); // RFC 6455 4.1: the method of the request MUST be GET
                case Kind.Any any -> {}
                case Kind.Written written -> {}
            }
        }
        methods.add("OPTIONS");
        return methods;
    }
}
