// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.Attribute;
import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.route.Leaf.Kind;
import io.hawser.route.Route.Rejected;
import io.hawser.route.Route.Taken;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request on its way from route to route, until one takes it. */
final class Trial {
    /** What is left of the path behind a prefix. */
    static final Attribute<List<String>> REST = Attribute.of("rest of the path");

    /** What rejections by routes inside of one that a user has written are answered behind, by identity. */
    static final Attribute<IdentityHashMap<Rejected, List<Leaf.Wrap>>> INSIDE = Attribute.of("wraps of rejections");

    private final Request request;
    private final List<String> path;
    private final List<Leaf> tried = new ArrayList<>();
    private boolean isUpgradeOfRoutes;
    private Rejected rejected = Rejected.noPath();
    private @Nullable Taken taken;

    /**
     * A request.
     *
     * @param path its segments
     */
    Trial(Request request, List<String> path) {
        this.request = request;
        this.path = path;
    }

    /** Tries what is at the request's path. */
    boolean isTakenBy(Endpoint endpoint) {
        if (isUpgradeOfRoutes && !endpoint.hasUpgrades()) {
            return false;
        }
        tried.addAll(endpoint.leaves());
        if (request.attemptsUpgrade() && endpoint.hasUpgrades()) {
            isUpgradeOfRoutes = true; // what takes methods does not know about it
            return takesUpgrade(endpoint);
        }
        Optional<Endpoint.Found> found = endpoint.find(request);
        if (found.isPresent()) {
            return take(found.get());
        }
        reject(endpoint.hasUpgrades() && isOfGet() ? new Rejected.Refused(request.upgradeRefusal()) : new Rejected.WrongMethod(endpoint.methods()));
        return false;
    }

    private boolean takesUpgrade(Endpoint endpoint) {
        if (request.upgrade().isEmpty()) {
            reject(new Rejected.Refused(request.upgradeRefusal()));
            return false;
        }
        Optional<Endpoint.Found> found = endpoint.find(request.upgrade().get());
        if (found.isPresent()) {
            return take(found.get());
        }
        reject(new Rejected.NoSubprotocol(endpoint.subprotocols().toList()));
        return false;
    }

    private boolean isOfGet() {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** Tries a route that a user has written. */
    boolean isTakenBy(Leaf leaf) {
        if (!(leaf.kind() instanceof Kind.Written(Route route))) {
            throw new IllegalArgumentException("all is known of " + leaf);
        }
        IdentityHashMap<Rejected, List<Leaf.Wrap>> inside = new IdentityHashMap<>(1);
        Request here = requestAt(leaf.pattern()).with(REST, leaf.pattern().restOf(path).orElse(List.of())).with(INSIDE, inside);
        return switch (route.choose(here)) {
            case Taken(HttpHandler handler, Request changed) -> {
                taken = new Taken(Leaf.wrapped(handler, leaf.wraps()), changed);
                yield true;
            }
            case Rejected.NoPath() -> false;
            case Rejected other -> {
                tried.add(leaf.around(inside.getOrDefault(other, List.of())));
                reject(other);
                yield false;
            }
        };
    }

    private boolean take(Endpoint.Found found) {
        taken = new Taken(Leaf.wrapped(found.handler(), found.leaf().wraps()), requestAt(found.leaf().pattern()));
        return true;
    }

    /** The request with what it has in place of the pattern's parameters. */
    private Request requestAt(PathPattern pattern) {
        Request changed = request.withPathParams(pattern.paramsIn(path));
        return pattern.restOf(path).map(rest -> changed.with(REST, rest)).orElse(changed);
    }

    private void reject(Rejected another) {
        rejected = Rejected.moreTelling(rejected, another);
    }

    // ---- what has come of it

    RouteTable.Choice taken() {
        return new RouteTable.Choice(Objects.requireNonNull(taken), List.of());
    }

    /**
     * The rejection, behind what those that were tried and come nearest have in common.
     *
     * @param closest what counts as tried if nothing was
     */
    RouteTable.Choice rejected(List<Leaf> closest) {
        return new RouteTable.Choice(rejected, common(tried.isEmpty() ? closest : nearest()));
    }

    /**
     * Those that were tried of the most specific path. What stands around them alone counts, since what takes any path, such as files, comes near to
     * all: it must not tell strangers about what is there for others.
     */
    private List<Leaf> nearest() {
        PathPattern least = tried.stream().map(Leaf::pattern).min(PathPattern::bySpecificity).orElseThrow();
        return tried.stream().filter(leaf -> PathPattern.bySpecificity(leaf.pattern(), least) == 0).toList();
    }

    private static List<Leaf.Wrap> common(List<Leaf> leaves) {
        List<Leaf.Wrap> common = leaves.isEmpty() ? List.of() : leaves.getFirst().wraps();
        for (Leaf leaf : leaves) {
            int same = 0;
            while (same < common.size() && same < leaf.wraps().size() && common.get(same).equals(leaf.wraps().get(same))) {
                same++;
            }
            common = common.subList(0, same);
        }
        return common;
    }
}
