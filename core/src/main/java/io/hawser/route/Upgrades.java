// SPDX-License-Identifier: Apache-2.0

package io.hawser.route;

import io.hawser.HttpHandler;
import io.hawser.Request;
import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketUpgrade;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Routes that accept upgrades. */
final class Upgrades {
    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private Upgrades() {}

    /** A leaf for each subprotocol; one for all if there is none. */
    static Branch leaves(List<String> subprotocols, Function<Optional<String>, HttpHandler> handler) {
        Stream<Optional<String>> each = subprotocols.isEmpty()
                ? Stream.of(Optional.empty())
                : subprotocols.stream().map(name -> Optional.of(requireToken("subprotocol", name)));
        return Branch.of(each.map(subprotocol -> Leaf.of(new Leaf.Kind.Upgrade(subprotocol, handler.apply(subprotocol)))));
    }

    static Response accept(Request request, WebSocketHandler handler, Optional<String> subprotocol) {
        WebSocketUpgrade upgrade = request.upgrade().orElseThrow(); // else the route does not take it
        return subprotocol.map(name -> upgrade.accept(handler, name)).orElseGet(() -> upgrade.accept(handler));
    }

    /** RFC 9110 5.6.2. */
    static String requireToken(String what, String text) {
        boolean token = !text.isEmpty()
                && text.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || TOKEN_SIGNS.indexOf(c) >= 0);
        if (!token) {
            throw new IllegalArgumentException(
                    "a %s must be a token, of letters, digits and %s, not \"%s\"".formatted(what, TOKEN_SIGNS, text));
        }
        return text;
    }
}
